import type { SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { currentMaterial, type Key } from '../world/records.js';
import { eccSign, eccVerify } from './ecc.js';
import { ed25519Sign, ed25519Verify } from './ed25519.js';
import { checkMessage, type Message } from './message.js';
import { mlDsaSign, mlDsaVerify } from './ml-dsa.js';
import { rsaSign, rsaVerify } from './rsa.js';
import { checkAlgorithm } from './specs.js';

/**
 * Sign with whatever private key it is.
 * @throws Fault InvalidKeyUsageException (the algorithm is not the spec's), ValidationException (the message type or length)
 */
export async function signWith(key: Key, algorithm: SigningAlgorithmSpec, message: Message): Promise<Uint8Array> {
  checkAlgorithm(key, algorithm);
  checkMessage(algorithm, message);
  const material = currentMaterial(key.shared);
  const { spec } = key.shared;
  switch (spec) {
    case 'RSA_2048':
    case 'RSA_3072':
    case 'RSA_4096':
      return rsaSign(material, algorithm, message);
    case 'ECC_NIST_P256':
    case 'ECC_NIST_P384':
    case 'ECC_NIST_P521':
    case 'ECC_SECG_P256K1':
      return eccSign(spec, material, algorithm, message);
    case 'ECC_NIST_EDWARDS25519':
      return ed25519Sign(material, algorithm, message);
    case 'ML_DSA_44':
    case 'ML_DSA_65':
    case 'ML_DSA_87':
      return mlDsaSign(spec, material, message);
    default:
      throw new Error(`no key of spec ${spec} signs`);
  }
}

/** Whether it is a signature of the message by this key; the same refusals as signing. */
export async function verifyWith(
  key: Key,
  algorithm: SigningAlgorithmSpec,
  message: Message,
  signature: Uint8Array,
): Promise<boolean> {
  checkAlgorithm(key, algorithm);
  checkMessage(algorithm, message);
  const material = currentMaterial(key.shared);
  const { spec } = key.shared;
  switch (spec) {
    case 'RSA_2048':
    case 'RSA_3072':
    case 'RSA_4096':
      return rsaVerify(material, algorithm, message, signature);
    case 'ECC_NIST_P256':
    case 'ECC_NIST_P384':
    case 'ECC_NIST_P521':
    case 'ECC_SECG_P256K1':
      return eccVerify(spec, material, algorithm, message, signature);
    case 'ECC_NIST_EDWARDS25519':
      return ed25519Verify(material, algorithm, message, signature);
    case 'ML_DSA_44':
    case 'ML_DSA_65':
    case 'ML_DSA_87':
      return mlDsaVerify(spec, material, message, signature);
    default:
      throw new Error(`no key of spec ${spec} verifies`);
  }
}
