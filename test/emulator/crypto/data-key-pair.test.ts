import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey } from '../../support/new-keys.js';

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  KeyId = await on.key();
});
afterAll(() => on.close());

const classic = [
  'RSA_2048',
  'RSA_3072',
  'RSA_4096',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
] as const;
const kems = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const;
const EncryptionContext = { purpose: 'pair' };

const open = async (CiphertextBlob: Uint8Array) =>
  (await on.kms.decrypt({ CiphertextBlob, EncryptionContext })).Plaintext as Uint8Array;

describe('GenerateDataKeyPair', () => {
  it.each([...classic, ...kems])('%s: the sealed private key is the plain one', async (KeyPairSpec) => {
    const reply = await on.kms.generateDataKeyPair({ KeyId, KeyPairSpec, EncryptionContext });
    const { KeyMetadata } = await on.kms.describeKey({ KeyId });
    expect(reply).toMatchObject({
      KeyId: KeyMetadata?.Arn,
      KeyPairSpec,
      KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId,
    });
    const privateKey = reply.PrivateKeyPlaintext as Uint8Array;
    const opened = await open(reply.PrivateKeyCiphertextBlob as Uint8Array);
    expect(Buffer.compare(opened, privateKey)).toBe(0);
    const wrong = on.kms.decrypt({ CiphertextBlob: reply.PrivateKeyCiphertextBlob as Uint8Array });
    await expect(wrong).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it.each(classic.filter((spec) => spec !== 'RSA_4096'))('%s: the halves belong together', async (KeyPairSpec) => {
    const reply = await on.kms.generateDataKeyPair({ KeyId, KeyPairSpec });
    const key = Buffer.from(reply.PrivateKeyPlaintext as Uint8Array);
    const half = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
    const spki = half.export({ format: 'der', type: 'spki' });
    expect(Buffer.compare(spki, reply.PublicKey as Uint8Array)).toBe(0);
  });

  it('gives ML-KEM’s private keys as seeds, alike long for every spec', async () => {
    const replies = kems.map((KeyPairSpec) => on.kms.generateDataKeyPair({ KeyId, KeyPairSpec }));
    const sizes = (await Promise.all(replies)).map(({ PrivateKeyPlaintext }) => PrivateKeyPlaintext?.length);
    expect(new Set(sizes)).toEqual(new Set([86]));
  });

  it('without plaintext gives no private key but the sealed one', async () => {
    const request = { KeyId, KeyPairSpec: 'ECC_NIST_P256', EncryptionContext } as const;
    const reply = await on.kms.generateDataKeyPairWithoutPlaintext(request);
    expect(reply).not.toHaveProperty('PrivateKeyPlaintext');
    const key = Buffer.from(await open(reply.PrivateKeyCiphertextBlob as Uint8Array));
    const half = createPublicKey(createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
    const spki = half.export({ format: 'der', type: 'spki' });
    expect(Buffer.compare(spki, reply.PublicKey as Uint8Array)).toBe(0);
  });

  it('notes the material for the audit trail and tells it nothing secret', async () => {
    const { KeyMaterialId } = await on.kms.generateDataKeyPair({ KeyId, KeyPairSpec: 'ECC_NIST_P256' });
    const event = [...on.emulator.trail.events()].find(({ eventName }) => eventName === 'GenerateDataKeyPair');
    expect(event).toMatchObject({
      additionalEventData: { keyMaterialId: KeyMaterialId },
      requestParameters: { keyPairSpec: 'ECC_NIST_P256' },
      responseElements: null,
    });
  });

  it.each(['generateDataKeyPair', 'generateDataKeyPairWithoutPlaintext'] as const)('%s refuses', async (operation) => {
    const request = { KeyId, KeyPairSpec: 'ECC_NIST_P256' } as const;
    const call = (changes: object) => on.kms[operation]({ ...request, ...changes });
    await expect(call({ KeyPairSpec: 'SM2' })).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    await expect(call({ KeyPairSpec: 'ML_DSA_44' })).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(call({ DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperationException' });
    const signer = await newKey(on.kms, 'ECC_NIST_P256', 'SIGN_VERIFY');
    await expect(call({ KeyId: signer })).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
  });

  it('with DryRun makes no RSA key', async () => {
    const before = performance.now();
    const request = { KeyId, KeyPairSpec: 'RSA_4096', DryRun: true } as const;
    const calls = await Promise.allSettled(Array.from({ length: 8 }, () => on.kms.generateDataKeyPair(request)));
    for (const call of calls) {
      expect(call).toMatchObject({ status: 'rejected', reason: { name: 'DryRunOperationException' } });
    }
    expect(performance.now() - before).toBeLessThan(1000);
  });
});

describe('An attested recipient', () => {
  const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: Buffer.from('x') } as const;
  it.each<[string, () => Promise<unknown>]>([
    ['GenerateRandom', () => on.kms.generateRandom({ NumberOfBytes: 1, Recipient })],
    ['GenerateDataKey', () => on.kms.generateDataKey({ KeyId, KeySpec: 'AES_256', Recipient })],
    ['GenerateDataKeyPair', () => on.kms.generateDataKeyPair({ KeyId, KeyPairSpec: 'ECC_NIST_P256', Recipient })],
    ['Decrypt', () => on.kms.decrypt({ KeyId, CiphertextBlob: Buffer.from('x'), Recipient })],
  ])('cannot be served by %s', async (_name, call) => {
    await expect(call()).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});

describe('GenerateRandom', () => {
  it('wants to know how much, and knows no custom key store', async () => {
    await expect(on.kms.generateRandom({})).rejects.toMatchObject({ name: 'ValidationException' });
    const request = { NumberOfBytes: 8, CustomKeyStoreId: 'cks-1234567890abcdef0' };
    await expect(on.kms.generateRandom(request)).rejects.toMatchObject({ name: 'CustomKeyStoreNotFoundException' });
  });
});
