import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { AlgorithmSpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Instant, Key } from '../world/records.js';

/** What an import token holds: all that is needed to unwrap what comes with it. */
export interface ImportParameters {
  algorithm: AlgorithmSpec;
  /** DER PKCS#8 of the wrapping key. */
  privateKey: Uint8Array;
  validTo: Instant;
}

const [nonceSize, tagSize] = [12, 16];

/** A key for one purpose, made of the KMS key's own secret. */
function derived({ shared }: Key, purpose: string): Buffer {
  if (!shared.importSecret) throw new Error(`key ${shared.id} is not made for imports`);
  return createHmac('sha256', shared.importSecret).update(purpose).digest();
}

/**
 * The wrapping private key travels sealed (AES-256-GCM) in the token that belongs to it: nothing has to be stored, cleared
 * away when it expires, or written by an operation that only reads. The key's ARN is authenticated, so a token is of no use
 * for another key or Region, and with the KMS key its tokens end.
 */
export function sealToken(key: Key, { algorithm, privateKey, validTo }: ImportParameters): Uint8Array {
  const nonce = randomBytes(nonceSize);
  const cipher = createCipheriv('aes-256-gcm', derived(key, 'import token'), nonce).setAAD(Buffer.from(key.arn));
  const text = JSON.stringify({ algorithm, validTo, privateKey: Buffer.from(privateKey).toString('base64') });
  return Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]);
}

function textIn(key: Key, token: Uint8Array): string {
  const bytes = Buffer.from(token);
  const decipher = createDecipheriv('aes-256-gcm', derived(key, 'import token'), bytes.subarray(0, nonceSize));
  decipher.setAAD(Buffer.from(key.arn)).setAuthTag(bytes.subarray(-tagSize));
  return decipher.update(bytes.subarray(nonceSize, -tagSize), undefined, 'utf8') + decipher.final('utf8');
}

/** @throws Fault InvalidImportTokenException (damaged, or of another key), ExpiredImportTokenException */
export function openToken(key: Key, token: Uint8Array, now: Instant): ImportParameters {
  let text: string;
  try {
    text = textIn(key, token);
  } catch {
    const message = 'The import token is invalid or is associated with a different KMS key.';
    throw new Fault('InvalidImportTokenException', message);
  }
  const { algorithm, validTo, privateKey } = JSON.parse(text);
  if (validTo <= now) throw new Fault('ExpiredImportTokenException', 'The import token is expired.');
  return { algorithm, validTo, privateKey: Buffer.from(privateKey, 'base64') };
}

/**
 * The same for the same bytes in the same key, as AWS computes it from both ("based on the KMS key ID and the imported key
 * material"); keyed, so that nobody can try out guesses of a weak material. 64 hexadecimal digits.
 */
export function importedId(key: Key, secret: Uint8Array): string {
  return createHmac('sha256', derived(key, 'material id')).update(key.id).update(secret).digest('hex');
}
