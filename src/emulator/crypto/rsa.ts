import { constants, generateKeyPair, type KeyObject, privateDecrypt, publicEncrypt, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { EncryptionAlgorithmSpec, KeySpec, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import { keyPairs, toPkcs8 } from './key-pair.js';
import { hashOf, type Message } from './message.js';
import { signDigest, verifyDigest } from './rsa-digest.js';

export type RsaSpec = Extract<KeySpec, `RSA_${string}`>;

/** The modulus in bytes: the size of a ciphertext and of a signature. */
export const modulusSize = (spec: RsaSpec): number => Number(spec.slice('RSA_'.length)) / 8;

/** Made in a thread of its own: a 4096-bit key takes seconds. DER PKCS#8. */
export async function newRsaKey(spec: RsaSpec): Promise<Uint8Array> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: modulusSize(spec) * 8 });
  return toPkcs8(privateKey);
}

const oaepHash = (algorithm: EncryptionAlgorithmSpec) => (algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256');

/** RSAES-OAEP with an empty label and the same hash in MGF1. */
const oaep = (key: KeyObject, algorithm: EncryptionAlgorithmSpec) => ({
  key,
  padding: constants.RSA_PKCS1_OAEP_PADDING,
  oaepHash: oaepHash(algorithm),
});

/** The longest plaintext in bytes: the modulus less two hashes and two bytes (RFC 8017, section 7.1.1). */
export function longestPlaintext(spec: RsaSpec, algorithm: EncryptionAlgorithmSpec): number {
  return modulusSize(spec) - 2 * (oaepHash(algorithm) === 'sha1' ? 20 : 32) - 2;
}

export function rsaEncrypt(material: Material, algorithm: EncryptionAlgorithmSpec, plaintext: Uint8Array): Uint8Array {
  return publicEncrypt(oaep(keyPairs.of(material).publicKey, algorithm), plaintext);
}

/** The plaintext; undefined when the ciphertext is damaged or of another key or algorithm. */
export function rsaDecrypt(
  material: Material,
  algorithm: EncryptionAlgorithmSpec,
  ciphertext: Uint8Array,
): Uint8Array | undefined {
  try {
    return privateDecrypt(oaep(keyPairs.of(material).privateKey, algorithm), ciphertext);
  } catch {
    return undefined;
  }
}

const isPss = (algorithm: SigningAlgorithmSpec) => algorithm.startsWith('RSASSA_PSS');

/** RSASSA with PKCS #1 v1.5 padding, or PSS with a salt as long as the hash and the same hash in MGF1. */
const padded = (key: KeyObject, algorithm: SigningAlgorithmSpec) =>
  isPss(algorithm)
    ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
    : { key, padding: constants.RSA_PKCS1_PADDING };

export function rsaSign(material: Material, algorithm: SigningAlgorithmSpec, { bytes, type }: Message): Uint8Array {
  const { privateKey } = keyPairs.of(material);
  const hash = hashOf(algorithm);
  if (type === 'RAW') return sign(hash, bytes, padded(privateKey, algorithm));
  return signDigest(isPss(algorithm), privateKey, hash, bytes);
}

const modulusBytes = ({ asymmetricKeyDetails }: KeyObject) => (asymmetricKeyDetails?.modulusLength ?? 0) / 8;

/** A signature is as long as the modulus (RFC 8017, sections 8.1.2 and 8.2.2); OpenSSL forgives a missing leading zero. */
export function rsaVerify(
  material: Material,
  algorithm: SigningAlgorithmSpec,
  { bytes, type }: Message,
  signature: Uint8Array,
): boolean {
  const { publicKey } = keyPairs.of(material);
  if (signature.length !== modulusBytes(publicKey)) return false;
  const hash = hashOf(algorithm);
  if (type === 'RAW') return verify(hash, bytes, padded(publicKey, algorithm), signature);
  return verifyDigest(isPss(algorithm), publicKey, hash, bytes, signature);
}
