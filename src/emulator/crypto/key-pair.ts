import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { Prepared } from './prepared.js';

/** Both halves of a key pair as node:crypto uses them. */
export interface KeyPair {
  privateKey: KeyObject;
  publicKey: KeyObject;
}

/** RSA, ECC and Ed25519 pairs from their DER PKCS#8. */
export const keyPairs = new Prepared<KeyPair>((secret) => {
  const privateKey = createPrivateKey({ key: Buffer.from(secret), format: 'der', type: 'pkcs8' });
  return { privateKey, publicKey: createPublicKey(privateKey) };
});

/** DER PKCS#8, the form in which a material keeps a private key. */
export const toPkcs8 = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'pkcs8' });

/** DER SubjectPublicKeyInfo (RFC 5280). */
export const toSpki = (key: KeyObject): Uint8Array => key.export({ format: 'der', type: 'spki' });

/** The private number (ECC) or seed (Ed25519), big-endian, for libraries that want no more. */
export function privateBytes({ privateKey }: KeyPair): Uint8Array {
  return Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
}

/** The public point (uncompressed, 0x04 first) or, for Ed25519, the 32 bytes of RFC 8032. */
export function publicBytes({ publicKey }: KeyPair): Uint8Array {
  const { x = '', y } = publicKey.export({ format: 'jwk' });
  const parts = [x, ...(y === undefined ? [] : [y])].map((part) => Buffer.from(part, 'base64url'));
  return Buffer.concat(y === undefined ? parts : [Buffer.from([4]), ...parts]);
}
