import { randomBytes } from 'node:crypto';
import type { KeySpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import type { Message } from './message.js';
import { Prepared } from './prepared.js';
import { rawToSpki, seedIn, seedSize, seedToPkcs8 } from './seed-key.js';

export type MlDsaSpec = Extract<KeySpec, `ML_DSA_${string}`>;

const library = () => import('@noble/post-quantum/ml-dsa.js');

async function schemeOf(spec: MlDsaSpec) {
  const { ml_dsa44, ml_dsa65, ml_dsa87 } = await library();
  return { ML_DSA_44: ml_dsa44, ML_DSA_65: ml_dsa65, ML_DSA_87: ml_dsa87 }[spec];
}

async function expand(spec: MlDsaSpec, pkcs8: Uint8Array) {
  const seed = seedIn(spec, pkcs8);
  if (!seed) throw new Error(`not the seed of a key of spec ${spec}`);
  const scheme = await schemeOf(spec);
  return { scheme, ...scheme.keygen(seed) };
}

const keysOf = (spec: MlDsaSpec) => new Prepared((secret) => expand(spec, secret));
const keys = { ML_DSA_44: keysOf('ML_DSA_44'), ML_DSA_65: keysOf('ML_DSA_65'), ML_DSA_87: keysOf('ML_DSA_87') };

/** DER PKCS#8 of the seed. */
export function newMlDsaKey(spec: MlDsaSpec): Uint8Array {
  return seedToPkcs8(spec, randomBytes(seedSize(spec)));
}

/** DER SubjectPublicKeyInfo. */
export async function mlDsaPublicKey(spec: MlDsaSpec, material: Material): Promise<Uint8Array> {
  return rawToSpki(spec, (await keys[spec].of(material)).publicKey);
}

/** Hedged, with an empty context (FIPS 204, algorithm 2): 2,420, 3,309 or 4,627 bytes. */
export async function mlDsaSign(spec: MlDsaSpec, material: Material, { bytes, type }: Message): Promise<Uint8Array> {
  const { scheme, secretKey } = await keys[spec].of(material);
  return type === 'RAW' ? scheme.sign(bytes, secretKey) : scheme.internal.sign(bytes, secretKey, { externalMu: true });
}

export async function mlDsaVerify(
  spec: MlDsaSpec,
  material: Material,
  { bytes, type }: Message,
  signature: Uint8Array,
): Promise<boolean> {
  const { scheme, publicKey } = await keys[spec].of(material);
  if (signature.length !== scheme.lengths.signature) return false;
  return type === 'RAW'
    ? scheme.verify(signature, bytes, publicKey)
    : scheme.internal.verify(signature, bytes, publicKey, { externalMu: true });
}
