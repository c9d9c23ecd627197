import { randomBytes } from 'node:crypto';
import type { KeySpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import { Prepared } from './prepared.js';
import { rawToSpki, seedIn, seedSize, seedToPkcs8 } from './seed-key.js';

export type MlKemSpec = Extract<KeySpec, `ML_KEM_${string}`>;

async function schemeOf(spec: MlKemSpec) {
  const { ml_kem512, ml_kem768, ml_kem1024 } = await import('@noble/post-quantum/ml-kem.js');
  return { ML_KEM_512: ml_kem512, ML_KEM_768: ml_kem768, ML_KEM_1024: ml_kem1024 }[spec];
}

async function expand(spec: MlKemSpec, pkcs8: Uint8Array) {
  const seed = seedIn(spec, pkcs8);
  if (!seed) throw new Error(`not the seed of a key of spec ${spec}`);
  const scheme = await schemeOf(spec);
  return { scheme, ...scheme.keygen(seed) };
}

const keysOf = (spec: MlKemSpec) => new Prepared((secret) => expand(spec, secret));
const keys = { ML_KEM_512: keysOf('ML_KEM_512'), ML_KEM_768: keysOf('ML_KEM_768'), ML_KEM_1024: keysOf('ML_KEM_1024') };

/** DER PKCS#8 of the seed. */
export function newMlKemKey(spec: MlKemSpec): Uint8Array {
  return seedToPkcs8(spec, randomBytes(seedSize(spec)));
}

/** The public key of a private one in DER PKCS#8, as DER SubjectPublicKeyInfo. */
export async function mlKemPublicKey(spec: MlKemSpec, pkcs8: Uint8Array): Promise<Uint8Array> {
  return rawToSpki(spec, (await expand(spec, pkcs8)).publicKey);
}

/** A new shared secret (32 bytes) and the ciphertext that carries it (768, 1,088 or 1,568 bytes). */
export async function encapsulateWith(spec: MlKemSpec, material: Material) {
  const { scheme, publicKey } = await keys[spec].of(material);
  return scheme.encapsulate(publicKey);
}

/**
 * The shared secret, 32 bytes. A damaged ciphertext gives another secret (FIPS 203's implicit rejection); undefined only
 * when its length is not the spec's.
 */
export async function decapsulateWith(
  spec: MlKemSpec,
  material: Material,
  ciphertext: Uint8Array,
): Promise<Uint8Array | undefined> {
  const { scheme, secretKey } = await keys[spec].of(material);
  return ciphertext.length === scheme.lengths.cipherText ? scheme.decapsulate(ciphertext, secretKey) : undefined;
}
