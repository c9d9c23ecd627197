import { createPublicKey, diffieHellman, generateKeyPair, type KeyObject, sign, verify } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec, SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import { keyPairs, privateBytes, publicBytes, toPkcs8 } from './key-pair.js';
import { hashOf, type Message } from './message.js';

export type EccSpec = Exclude<Extract<KeySpec, `ECC_${string}`>, 'ECC_NIST_EDWARDS25519'>;

/** The curves in OpenSSL's spelling. */
export const curves: Readonly<Record<EccSpec, string>> = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
};

/** DER PKCS#8. */
export async function newEccKey(spec: EccSpec): Promise<Uint8Array> {
  const { privateKey } = await promisify(generateKeyPair)('ec', { namedCurve: curves[spec] });
  return toPkcs8(privateKey);
}

/** node:crypto signs whole messages only; digests go through this library. */
async function libraryOf(spec: EccSpec) {
  if (spec === 'ECC_SECG_P256K1') return (await import('@noble/curves/secp256k1.js')).secp256k1;
  const { p256, p384, p521 } = await import('@noble/curves/nist.js');
  return { ECC_NIST_P256: p256, ECC_NIST_P384: p384, ECC_NIST_P521: p521 }[spec];
}

/** As AWS: DER, and S may be in either half of its range. */
const digest = { prehash: false, lowS: false, format: 'der' } as const;

/** ECDSA with a random nonce; a DER `ECDSA-Sig-Value` (RFC 3279). */
export async function eccSign(
  spec: EccSpec,
  material: Material,
  algorithm: SigningAlgorithmSpec,
  { bytes, type }: Message,
): Promise<Uint8Array> {
  const pair = keyPairs.of(material);
  if (type === 'RAW') return sign(hashOf(algorithm), bytes, pair.privateKey);
  return (await libraryOf(spec)).sign(bytes, privateBytes(pair), { ...digest, extraEntropy: true });
}

export async function eccVerify(
  spec: EccSpec,
  material: Material,
  algorithm: SigningAlgorithmSpec,
  { bytes, type }: Message,
  signature: Uint8Array,
): Promise<boolean> {
  const pair = keyPairs.of(material);
  if (type === 'RAW') return verify(hashOf(algorithm), bytes, pair.publicKey, signature);
  const library = await libraryOf(spec);
  try {
    return library.verify(signature, bytes, publicBytes(pair), digest);
  } catch {
    return false; // not DER
  }
}

/** A peer's public key (DER SubjectPublicKeyInfo); undefined when it is none on this curve. */
function peerOf(spec: EccSpec, spki: Uint8Array): KeyObject | undefined {
  try {
    const peer = createPublicKey({ key: Buffer.from(spki), format: 'der', type: 'spki' });
    return peer.asymmetricKeyDetails?.namedCurve === curves[spec] ? peer : undefined;
  } catch {
    return undefined;
  }
}

/** ECDH: the x coordinate, 32, 48 or 66 bytes; undefined when the peer's key is none on this curve. */
export function agree(spec: EccSpec, material: Material, peer: Uint8Array): Uint8Array | undefined {
  const publicKey = peerOf(spec, peer);
  return publicKey && diffieHellman({ privateKey: keyPairs.of(material).privateKey, publicKey });
}
