import { createPublicKey, type KeyObject } from 'node:crypto';

/** DER that begins so holds an ML-DSA-65 public key: algorithm 2.16.840.1.101.3.4.3.18 and 1,952 bytes (RFC 9881). */
const mlDsa65 = Buffer.from('308207b2300b0609608648016503040312038207a100', 'hex');

/** The bytes of an ML-DSA-65 public key (FIPS 204), out of its DER SubjectPublicKeyInfo; undefined when it is none. */
export function mlDsa65In(der: Uint8Array): Uint8Array | undefined {
  const isOne = der.length === mlDsa65.length + 1952 && mlDsa65.equals(der.subarray(0, mlDsa65.length));
  return isOne ? der.subarray(mlDsa65.length) : undefined;
}

/** A public key that Node.js knows, out of its DER SubjectPublicKeyInfo (RFC 5280) or PEM; undefined when it is none. */
export function publicKeyIn(bytes: Uint8Array, format: 'der' | 'pem' = 'der'): KeyObject | undefined {
  try {
    return createPublicKey({ key: Buffer.from(bytes), format, type: 'spki' });
  } catch {
    return undefined;
  }
}

/** What kind of public key it is, in a word or two: "rsa 2048", "ec prime256v1", "ed25519", "ml-dsa-65". */
export function kindOf(der: Uint8Array): string {
  if (mlDsa65In(der)) return 'ml-dsa-65';
  const key = publicKeyIn(der);
  if (!key) return 'no public key';
  const { modulusLength, namedCurve } = key.asymmetricKeyDetails ?? {};
  return [key.asymmetricKeyType, modulusLength, namedCurve].filter(Boolean).join(' ');
}

/** The same key as text (RFC 7468), as most programs want it. */
export function pemOf(der: Uint8Array): Uint8Array {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return Buffer.from(['-----BEGIN PUBLIC KEY-----', ...lines, '-----END PUBLIC KEY-----', ''].join('\n'));
}

/** The key in a PEM file as DER; undefined when it holds none. */
export const derOf = (pem: Uint8Array): Uint8Array | undefined =>
  publicKeyIn(pem, 'pem')?.export({ type: 'spki', format: 'der' });
