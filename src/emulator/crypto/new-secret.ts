import type { KeySpec } from '@aws-sdk/client-kms';
import { newEccKey } from './ecc.js';
import { newEd25519Key } from './ed25519.js';
import { newHmacKey } from './hmac.js';
import { newMlDsaKey } from './ml-dsa.js';
import { newMlKemKey } from './ml-kem.js';
import { newRsaKey } from './rsa.js';
import { newSymmetricKey } from './symmetric.js';

/**
 * The secret of a new key: raw bytes for SYMMETRIC_DEFAULT (32) and HMAC, DER PKCS#8 for every private key. RSA is made
 * in another thread, so that other requests go on.
 */
export async function newSecret(spec: KeySpec): Promise<Uint8Array> {
  switch (spec) {
    case 'SYMMETRIC_DEFAULT':
      return newSymmetricKey();
    case 'HMAC_224':
    case 'HMAC_256':
    case 'HMAC_384':
    case 'HMAC_512':
      return newHmacKey(spec);
    case 'ML_DSA_44':
    case 'ML_DSA_65':
    case 'ML_DSA_87':
      return newMlDsaKey(spec);
    case 'SM2':
      throw new Error('SM2 keys are refused before they are made');
    default:
      return newPairSecret(spec);
  }
}

/** The specs whose pairs can also be had as data key pairs. */
export type PairSpec = Exclude<KeySpec, 'SYMMETRIC_DEFAULT' | 'SM2' | `HMAC_${string}` | `ML_DSA_${string}`>;

/** The private key of a new pair, as DER PKCS#8; ML-KEM's as its seed. */
export async function newPairSecret(spec: PairSpec): Promise<Uint8Array> {
  switch (spec) {
    case 'RSA_2048':
    case 'RSA_3072':
    case 'RSA_4096':
      return newRsaKey(spec);
    case 'ECC_NIST_EDWARDS25519':
      return newEd25519Key();
    case 'ML_KEM_512':
    case 'ML_KEM_768':
    case 'ML_KEM_1024':
      return newMlKemKey(spec);
    default:
      return newEccKey(spec);
  }
}
