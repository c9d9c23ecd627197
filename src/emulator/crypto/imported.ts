import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { KeySpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import { curves } from './ecc.js';
import { toPkcs8 } from './key-pair.js';

/** Material that others may bring: all but post-quantum keys ("Requirements for imported key material"). */
export const isImportable = (spec: KeySpec): boolean => !/^(?:ML_|SM2)/.test(spec);

/** The longest HMAC key, in bytes; the shortest is as long as the hash. */
const longestHmac = 128;

function isOfSpec({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject, spec: KeySpec): boolean {
  if (spec === 'ECC_NIST_EDWARDS25519') return type === 'ed25519';
  if (spec.startsWith('RSA_')) return type === 'rsa' && details?.modulusLength === Number(spec.slice('RSA_'.length));
  return type === 'ec' && details?.namedCurve === (curves as Partial<Record<KeySpec, string>>)[spec];
}

/** Written anew, so that one key has one form whatever its owner's tool adds. */
function privateKey(spec: KeySpec, bytes: Uint8Array): Uint8Array | undefined {
  try {
    const key = createPrivateKey({ key: Buffer.from(bytes), format: 'der', type: 'pkcs8' });
    return isOfSpec(key, spec) ? toPkcs8(key) : undefined;
  } catch {
    return undefined;
  }
}

function secretOf(spec: KeySpec, bytes: Uint8Array): Uint8Array | undefined {
  if (spec === 'SYMMETRIC_DEFAULT') return bytes.length === 32 ? bytes : undefined;
  if (!spec.startsWith('HMAC_')) return privateKey(spec, bytes);
  return bytes.length >= Number(spec.slice('HMAC_'.length)) / 8 && bytes.length <= longestHmac ? bytes : undefined;
}

/**
 * The secret of a key of this spec from what was imported: 32 bytes, an HMAC key, or a private key as DER PKCS#8.
 * @throws Fault IncorrectKeyMaterialException
 */
export function importedSecret(spec: KeySpec, bytes: Uint8Array): Uint8Array {
  const secret = secretOf(spec, bytes);
  if (secret) return Uint8Array.from(secret);
  throw new Fault('IncorrectKeyMaterialException', `The key material is not valid for key spec ${spec}.`);
}
