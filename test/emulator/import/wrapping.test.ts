import {
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  publicEncrypt,
  randomBytes,
  verify,
} from 'node:crypto';
import type { AlgorithmSpec, KeySpec, SigningAlgorithmSpec, WrappingKeySpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importWith, newExternalKey, type Parameters, parametersFor } from '../../support/imports.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import '../../support/quick-rsa.js';

let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest();
});
afterAll(() => on.close());

const oaep = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const;
const hybrid = ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_AES_KEY_WRAP_SHA_256'] as const;
const day = 24 * 60 * 60 * 1000;
const message = Buffer.from('what is signed');
const pkcs8 = (key: KeyObject) => key.export({ format: 'der', type: 'pkcs8' });
const stateOf = async (KeyId: string) => (await on.kms.describeKey({ KeyId })).KeyMetadata?.KeyState;

/** Import into a new key, wrapped in the given way. */
async function imported(
  spec: KeySpec,
  usage: 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | 'KEY_AGREEMENT' | undefined,
  material: Uint8Array,
  algorithm: AlgorithmSpec,
) {
  const KeyId = await newExternalKey(on.kms, spec, usage);
  expect(await stateOf(KeyId)).toBe('PendingImport');
  await importWith(on.kms, KeyId, await parametersFor(on.kms, KeyId, algorithm), material);
  expect(await stateOf(KeyId)).toBe('Enabled');
  return KeyId;
}

it.each(oaep)('%s brings a symmetric key', async (algorithm) => {
  const KeyId = await imported('SYMMETRIC_DEFAULT', undefined, randomBytes(32), algorithm);
  const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
  const { Plaintext } = await on.kms.decrypt({ CiphertextBlob });
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('hi');
});

it.each([
  ['RSAES_OAEP_SHA_1', 'HMAC_224', 28],
  ['RSAES_OAEP_SHA_256', 'HMAC_256', 32],
  ['RSAES_OAEP_SHA_1', 'HMAC_384', 128],
  ['RSAES_OAEP_SHA_256', 'HMAC_512', 64],
] as const)('%s brings an %s key of %i bytes that makes the MACs its owner makes', async (algorithm, spec, size) => {
  const material = randomBytes(size);
  const KeyId = await imported(spec, 'GENERATE_VERIFY_MAC', material, algorithm);
  const MacAlgorithm = spec.replace('HMAC', 'HMAC_SHA') as 'HMAC_SHA_256';
  const { Mac } = await on.kms.generateMac({ KeyId, Message: message, MacAlgorithm });
  const own = createHmac(spec.replace('HMAC_', 'sha'), material).update(message).digest();
  expect(Buffer.from(Mac ?? []).equals(own)).toBe(true);
});

const onCurve = (namedCurve: string) => () => generateKeyPairSync('ec', { namedCurve }).privateKey;
const ofRsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;

/** Specs of signing keys, how their owner makes one, an algorithm and its hash in OpenSSL's spelling. */
const signers: [AlgorithmSpec, KeySpec, () => KeyObject, SigningAlgorithmSpec, string | null][] = [
  ...[...oaep, ...hybrid].map(
    (wrapping) =>
      [wrapping, 'ECC_NIST_P256', onCurve('prime256v1'), 'ECDSA_SHA_256', 'sha256'] satisfies (typeof signers)[number],
  ),
  ['RSAES_OAEP_SHA_256', 'ECC_NIST_P384', onCurve('secp384r1'), 'ECDSA_SHA_384', 'sha384'],
  ['RSA_AES_KEY_WRAP_SHA_1', 'ECC_NIST_P521', onCurve('secp521r1'), 'ECDSA_SHA_512', 'sha512'],
  ['RSA_AES_KEY_WRAP_SHA_256', 'ECC_SECG_P256K1', onCurve('secp256k1'), 'ECDSA_SHA_256', 'sha256'],
  [
    'RSAES_OAEP_SHA_1',
    'ECC_NIST_EDWARDS25519',
    () => generateKeyPairSync('ed25519').privateKey,
    'ED25519_SHA_512',
    null,
  ],
  ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', ofRsa, 'RSASSA_PKCS1_V1_5_SHA_256', 'sha256'],
];

it.each(signers)(
  '%s brings an %s key: what it signs, its owner verifies',
  async (wrapping, spec, make, SigningAlgorithm, hash) => {
    const own = make();
    const KeyId = await imported(spec, 'SIGN_VERIFY', pkcs8(own), wrapping);
    const { Signature } = await on.kms.sign({ KeyId, Message: message, SigningAlgorithm });
    expect(verify(hash, message, own, Signature as Uint8Array)).toBe(true);
  },
);

it('RSA_AES_KEY_WRAP_SHA_256 brings an RSA key that opens what is encrypted for its owner', async () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const { KeyMetadata } = await on.kms.createKey({
    Origin: 'EXTERNAL',
    KeySpec: 'RSA_2048',
    KeyUsage: 'ENCRYPT_DECRYPT',
  });
  const KeyId = KeyMetadata?.KeyId as string;
  await importWith(on.kms, KeyId, await parametersFor(on.kms, KeyId, 'RSA_AES_KEY_WRAP_SHA_256'), pkcs8(privateKey));
  const CiphertextBlob = publicEncrypt({ key: publicKey, oaepHash: 'sha256' }, Buffer.from('hi'));
  const { Plaintext } = await on.kms.decrypt({ KeyId, CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' });
  expect(Buffer.from(Plaintext ?? []).toString()).toBe('hi');
  const answer = await on.kms.getPublicKey({ KeyId });
  expect(Buffer.from(answer.PublicKey ?? []).equals(publicKey.export({ format: 'der', type: 'spki' }))).toBe(true);
});

describe('GetParametersForImport', () => {
  it('gives a public key and a token, for 24 hours', async () => {
    const KeyId = await newExternalKey(on.kms, 'ECC_NIST_P521', 'SIGN_VERIFY');
    const before = Date.now();
    const { $metadata, ...answer } = await on.kms.getParametersForImport({
      KeyId,
      WrappingAlgorithm: 'RSAES_OAEP_SHA_256',
      WrappingKeySpec: 'RSA_3072', // RSA_2048 is too short for what is to come
    });
    expect(answer.KeyId).toBe(`arn:aws:kms:us-east-1:111122223333:key/${KeyId}`);
    expect(answer.ImportToken?.length).toBeLessThanOrEqual(6144);
    const key = createPublicKey({ key: Buffer.from(answer.PublicKey ?? []), format: 'der', type: 'spki' });
    expect(key.asymmetricKeyDetails?.modulusLength).toBe(3072);
    expect(answer.ParametersValidTo?.getTime()).toBeGreaterThanOrEqual(before + day);
    expect(answer.ParametersValidTo?.getTime()).toBeLessThanOrEqual(Date.now() + day);
    const parameters: Parameters = {
      algorithm: 'RSAES_OAEP_SHA_256',
      publicKey: answer.PublicKey as Uint8Array,
      token: answer.ImportToken as Uint8Array,
    };
    await importWith(on.kms, KeyId, parameters, pkcs8(onCurve('secp521r1')()));
    expect(await stateOf(KeyId)).toBe('Enabled');
  });

  const unsupported: [AlgorithmSpec, WrappingKeySpec, KeySpec, 'SIGN_VERIFY' | 'GENERATE_VERIFY_MAC' | undefined][] = [
    ['RSAES_PKCS1_V1_5', 'RSA_2048', 'SYMMETRIC_DEFAULT', undefined],
    ['SM2PKE', 'SM2', 'SYMMETRIC_DEFAULT', undefined],
    ['RSAES_OAEP_SHA_256', 'SM2', 'SYMMETRIC_DEFAULT', undefined],
    ['RSA_AES_KEY_WRAP_SHA_256', 'RSA_2048', 'SYMMETRIC_DEFAULT', undefined],
    ['RSA_AES_KEY_WRAP_SHA_1', 'RSA_2048', 'HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['RSAES_OAEP_SHA_256', 'RSA_4096', 'RSA_2048', 'SIGN_VERIFY'],
    ['RSAES_OAEP_SHA_1', 'RSA_2048', 'ECC_NIST_P521', 'SIGN_VERIFY'],
  ];
  it.each(unsupported)(
    'refuses %s with %s for a key of spec %s',
    async (WrappingAlgorithm, WrappingKeySpec, spec, usage) => {
      const KeyId = await newExternalKey(on.kms, spec, usage);
      await expect(on.kms.getParametersForImport({ KeyId, WrappingAlgorithm, WrappingKeySpec })).rejects.toMatchObject({
        name: 'UnsupportedOperationException',
      });
    },
  );

  it('is for keys whose material is imported, and for no other', async () => {
    const KeyId = await on.key();
    const WrappingKeySpec = 'RSA_2048';
    await expect(
      on.kms.getParametersForImport({ KeyId, WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec }),
    ).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `arn:aws:kms:us-east-1:111122223333:key/${KeyId} origin is AWS_KMS which is not valid for this operation.`,
    });
  });
});
