import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeySpec } from '@aws-sdk/client-kms';
import type { Material } from '../world/records.js';
import { keyPairs, toSpki } from './key-pair.js';
import { mlDsaPublicKey } from './ml-dsa.js';
import { mlKemPublicKey } from './ml-kem.js';
import type { PairSpec } from './new-secret.js';

/** The public half of a new pair's DER PKCS#8, as DER SubjectPublicKeyInfo. */
export async function publicHalf(spec: PairSpec, pkcs8: Uint8Array): Promise<Uint8Array> {
  switch (spec) {
    case 'ML_KEM_512':
    case 'ML_KEM_768':
    case 'ML_KEM_1024':
      return mlKemPublicKey(spec, pkcs8);
    default: {
      const privateKey = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
      return toSpki(createPublicKey(privateKey));
    }
  }
}

/** A KMS key's public half as DER SubjectPublicKeyInfo; undefined where there is none. */
export async function publicKeyOf(spec: KeySpec, material: Material): Promise<Uint8Array | undefined> {
  switch (spec) {
    case 'SYMMETRIC_DEFAULT':
    case 'SM2':
    case 'HMAC_224':
    case 'HMAC_256':
    case 'HMAC_384':
    case 'HMAC_512':
      return undefined;
    case 'ML_DSA_44':
    case 'ML_DSA_65':
    case 'ML_DSA_87':
      return mlDsaPublicKey(spec, material);
    case 'ML_KEM_512':
    case 'ML_KEM_768':
    case 'ML_KEM_1024':
      return mlKemPublicKey(spec, material.secret);
    default:
      return toSpki(keyPairs.of(material).publicKey);
  }
}
