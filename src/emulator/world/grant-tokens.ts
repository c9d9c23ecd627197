import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { Fault } from '../fault.js';
import type { Store } from '../store/store.js';
import type { GrantName } from './grants.js';

/** Of the whole state, so that every process that shares it reads the others' tokens. */
const secretKey = 'meta/grant-tokens';
const [nonceSize, tagSize] = [12, 16];

const invalid = () => new Fault('InvalidGrantTokenException', 'The grant token is not valid.');

/**
 * A token that names the grant: AES-256-GCM, so that nobody reads or makes one; base64url, as AWS's are. Each is another, and
 * all of one grant are worth the same. Inside a write.
 */
export function newGrantToken(store: Store, { account, region, keyId, id }: GrantName): string {
  let secret = store.get<Uint8Array>(secretKey);
  if (!secret) {
    secret = randomBytes(32);
    store.put(secretKey, secret);
  }
  const nonce = randomBytes(nonceSize);
  const cipher = createCipheriv('aes-256-gcm', secret, nonce);
  const body = cipher.update([account, region, keyId, id].join('/'), 'utf8');
  cipher.final();
  return Buffer.concat([nonce, body, cipher.getAuthTag()]).toString('base64url');
}

/**
 * The grant that a token names, whether or not it is still there.
 * @throws Fault InvalidGrantTokenException: it is none of ours, or of another Region
 */
export function readGrantToken(store: Store, token: string, region: string): GrantName {
  const secret = store.get<Uint8Array>(secretKey);
  const bytes = Buffer.from(token, 'base64url');
  // Decoding forgives stray characters; a token is taken as it was given out or not at all.
  if (!secret || bytes.length <= nonceSize + tagSize || bytes.toString('base64url') !== token) throw invalid();
  const decipher = createDecipheriv('aes-256-gcm', secret, bytes.subarray(0, nonceSize));
  decipher.setAuthTag(bytes.subarray(-tagSize));
  const body = decipher.update(bytes.subarray(nonceSize, -tagSize)).toString('utf8');
  try {
    decipher.final();
  } catch {
    throw invalid();
  }
  const [account = '', where = '', keyId = '', id = ''] = body.split('/');
  if (where !== region) throw invalid();
  return { account, region, keyId, id };
}
