import type { KeyMetadata, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';

/** The members of KeyMetadata and GetPublicKey's answer that list what a key can do; a key has the one of its usage. */
export type Algorithms = Pick<
  KeyMetadata,
  'EncryptionAlgorithms' | 'SigningAlgorithms' | 'MacAlgorithms' | 'KeyAgreementAlgorithms' | 'EncapsulationAlgorithms'
>;

/** A spec's usages, each with its algorithms. */
type Usages = Readonly<Partial<Record<KeyUsageType, Algorithms>>>;

const rsa: Usages = {
  ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] },
  SIGN_VERIFY: {
    SigningAlgorithms: [
      'RSASSA_PKCS1_V1_5_SHA_256',
      'RSASSA_PKCS1_V1_5_SHA_384',
      'RSASSA_PKCS1_V1_5_SHA_512',
      'RSASSA_PSS_SHA_256',
      'RSASSA_PSS_SHA_384',
      'RSASSA_PSS_SHA_512',
    ],
  },
};

const ecdsa = (bits: 256 | 384 | 512): Usages => ({ SIGN_VERIFY: { SigningAlgorithms: [`ECDSA_SHA_${bits}`] } });
const ecc = (bits: 256 | 384 | 512): Usages => ({
  ...ecdsa(bits),
  KEY_AGREEMENT: { KeyAgreementAlgorithms: ['ECDH'] },
});
const hmac = (bits: 224 | 256 | 384 | 512): Usages => ({
  GENERATE_VERIFY_MAC: { MacAlgorithms: [`HMAC_SHA_${bits}`] },
});
const mlDsa: Usages = { SIGN_VERIFY: { SigningAlgorithms: ['ML_DSA_SHAKE_256'] } };
const mlKem: Usages = { ENCAPSULATE_DECAPSULATE: { EncapsulationAlgorithms: ['ML_KEM'] } };

/** "Key spec reference" in the Developer Guide. SM2 is offered in China Regions only, so nothing can be done with it. */
const specs: Readonly<Record<KeySpec, Usages>> = {
  SYMMETRIC_DEFAULT: { ENCRYPT_DECRYPT: { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] } },
  RSA_2048: rsa,
  RSA_3072: rsa,
  RSA_4096: rsa,
  ECC_NIST_P256: ecc(256),
  ECC_NIST_P384: ecc(384),
  ECC_NIST_P521: ecc(512),
  ECC_SECG_P256K1: ecdsa(256),
  ECC_NIST_EDWARDS25519: { SIGN_VERIFY: { SigningAlgorithms: ['ED25519_PH_SHA_512', 'ED25519_SHA_512'] } },
  HMAC_224: hmac(224),
  HMAC_256: hmac(256),
  HMAC_384: hmac(384),
  HMAC_512: hmac(512),
  ML_DSA_44: mlDsa,
  ML_DSA_65: mlDsa,
  ML_DSA_87: mlDsa,
  ML_KEM_512: mlKem,
  ML_KEM_768: mlKem,
  ML_KEM_1024: mlKem,
  SM2: {},
};

/** What a key of this spec and usage lists as its algorithms. */
export const algorithmsOf = (spec: KeySpec, usage: KeyUsageType): Algorithms => specs[spec][usage] ?? {};

/** Whether keys of this spec may have this usage. */
export const isUsageOf = (spec: KeySpec, usage: KeyUsageType): boolean => specs[spec][usage] !== undefined;

/**
 * Refuse an algorithm that the key's spec does not have.
 * @throws Fault InvalidKeyUsageException
 */
export function checkAlgorithm(key: { shared: { spec: KeySpec; usage: KeyUsageType } }, algorithm: string): void {
  const { spec, usage } = key.shared;
  for (const list of Object.values(algorithmsOf(spec, usage))) {
    if ((list as readonly string[]).includes(algorithm)) return;
  }
  throw new Fault('InvalidKeyUsageException', `Algorithm ${algorithm} is incompatible with key spec ${spec}.`);
}
