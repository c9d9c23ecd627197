import { constants, createDecipheriv, createPrivateKey, type KeyObject, privateDecrypt } from 'node:crypto';
import type { AlgorithmSpec, KeySpec, WrappingKeySpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { ImportParameters } from './import-token.js';

const isHybrid = (algorithm: AlgorithmSpec) => algorithm.startsWith('RSA_AES_KEY_WRAP');

/**
 * Whether material of a spec may come in this wrapping: "Select a wrapping algorithm" in the Developer Guide. A private RSA key
 * is too long for RSA alone, a P-521 one for RSA_2048; symmetric and HMAC keys have no need of AES in between.
 */
function isWrapping(spec: KeySpec, algorithm: AlgorithmSpec, wrappingSpec: WrappingKeySpec): boolean {
  if (isHybrid(algorithm)) return spec.startsWith('RSA_') || spec.startsWith('ECC_');
  if (spec.startsWith('RSA_')) return false;
  return spec !== 'ECC_NIST_P521' || wrappingSpec !== 'RSA_2048';
}

/** @throws Fault UnsupportedOperationException */
export function checkWrapping(spec: KeySpec, algorithm: AlgorithmSpec, wrappingSpec: WrappingKeySpec): void {
  const refuse = (what: string) => new Fault('UnsupportedOperationException', what);
  if (wrappingSpec === 'SM2' || algorithm === 'SM2PKE') {
    throw refuse('SM2 wrapping keys and the wrapping algorithm SM2PKE are supported in China Regions only.');
  }
  if (algorithm === 'RSAES_PKCS1_V1_5') throw refuse('The wrapping algorithm RSAES_PKCS1_V1_5 is not supported.');
  if (isWrapping(spec, algorithm, wrappingSpec)) return;
  throw refuse(`Wrapping algorithm ${algorithm} with ${wrappingSpec} is not supported for key spec ${spec}.`);
}

function rsa(key: KeyObject, algorithm: AlgorithmSpec, bytes: Uint8Array): Buffer {
  const oaepHash = algorithm.endsWith('SHA_1') ? 'sha1' : 'sha256';
  return privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }, bytes);
}

/** The alternative initial value of AES key wrap with padding (RFC 5649, section 3). */
const initial = Buffer.from('A65959A6', 'hex');

/** An AES-256 key under RSA, then what it wraps: AES key wrap with padding. */
function hybrid(key: KeyObject, algorithm: AlgorithmSpec, wrapped: Uint8Array): Buffer {
  const size = (key.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  if (wrapped.length <= size) throw new RangeError('nothing follows the AES key');
  const decipher = createDecipheriv('id-aes256-wrap-pad', rsa(key, algorithm, wrapped.subarray(0, size)), initial);
  return Buffer.concat([decipher.update(wrapped.subarray(size)), decipher.final()]);
}

/**
 * Take key material out of its wrapping.
 * @throws Fault InvalidCiphertextException: wrapped for another key, in another way, or damaged
 */
export function unwrap({ algorithm, privateKey }: ImportParameters, wrapped: Uint8Array): Uint8Array {
  const key = createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' });
  try {
    return isHybrid(algorithm) ? hybrid(key, algorithm, wrapped) : rsa(key, algorithm, wrapped);
  } catch {
    throw new Fault('InvalidCiphertextException', '');
  }
}
