import { generateKeyPair, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import { keyPairs, privateBytes, publicBytes, toPkcs8 } from './key-pair.js';
import type { Message } from './message.js';

/** DER PKCS#8 (RFC 8410). */
export async function newEd25519Key(): Promise<Uint8Array> {
  const { privateKey } = await promisify(generateKeyPair)('ed25519');
  return toPkcs8(privateKey);
}

/** Ed25519ph of RFC 8032; it hashes what it is given, which AWS KMS wants to be a SHA-512 digest already. */
const ph = async () => (await import('@noble/curves/ed25519.js')).ed25519ph;

/** 64 bytes, R and S of RFC 8032. */
export async function ed25519Sign(
  material: Material,
  algorithm: SigningAlgorithmSpec,
  { bytes }: Message,
): Promise<Uint8Array> {
  const pair = keyPairs.of(material);
  if (algorithm === 'ED25519_SHA_512') return sign(null, bytes, pair.privateKey);
  return (await ph()).sign(bytes, privateBytes(pair));
}

export async function ed25519Verify(
  material: Material,
  algorithm: SigningAlgorithmSpec,
  { bytes }: Message,
  signature: Uint8Array,
): Promise<boolean> {
  const pair = keyPairs.of(material);
  if (algorithm === 'ED25519_SHA_512') return verify(null, bytes, pair.publicKey, signature);
  const library = await ph();
  try {
    return library.verify(signature, bytes, publicBytes(pair), { zip215: false });
  } catch {
    return false; // not 64 bytes
  }
}
