import type { KeyMetadata, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const nobody = { accessKeyId: 'NOBODY', secretAccessKey: 'secret' };
let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest({ identities: [{ ...nobody, arn: 'arn:aws:iam::111122223333:user/nobody', policies: [] }] });
});
afterAll(() => on.close());

const oaep = { EncryptionAlgorithms: ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] };
const rsassa = {
  SigningAlgorithms: ['PKCS1_V1_5', 'PSS'].flatMap((padding) =>
    [256, 384, 512].map((bits) => `RSASSA_${padding}_SHA_${bits}`),
  ),
};
const ecdsa = (bits: number) => ({ SigningAlgorithms: [`ECDSA_SHA_${bits}`] });
const ecdh = { KeyAgreementAlgorithms: ['ECDH'] };
const mac = (bits: number) => ({ MacAlgorithms: [`HMAC_SHA_${bits}`] });
const mlDsa = { SigningAlgorithms: ['ML_DSA_SHAKE_256'] };
const mlKem = { EncapsulationAlgorithms: ['ML_KEM'] };

const valid: [KeySpec, KeyUsageType, object][] = [
  ['SYMMETRIC_DEFAULT', 'ENCRYPT_DECRYPT', { EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'] }],
  ['RSA_2048', 'ENCRYPT_DECRYPT', oaep],
  ['RSA_2048', 'SIGN_VERIFY', rsassa],
  ['RSA_3072', 'SIGN_VERIFY', rsassa],
  ['ECC_NIST_P256', 'SIGN_VERIFY', ecdsa(256)],
  ['ECC_NIST_P256', 'KEY_AGREEMENT', ecdh],
  ['ECC_NIST_P384', 'SIGN_VERIFY', ecdsa(384)],
  ['ECC_NIST_P384', 'KEY_AGREEMENT', ecdh],
  ['ECC_NIST_P521', 'SIGN_VERIFY', ecdsa(512)],
  ['ECC_NIST_P521', 'KEY_AGREEMENT', ecdh],
  ['ECC_SECG_P256K1', 'SIGN_VERIFY', ecdsa(256)],
  ['ECC_NIST_EDWARDS25519', 'SIGN_VERIFY', { SigningAlgorithms: ['ED25519_PH_SHA_512', 'ED25519_SHA_512'] }],
  ['HMAC_224', 'GENERATE_VERIFY_MAC', mac(224)],
  ['HMAC_256', 'GENERATE_VERIFY_MAC', mac(256)],
  ['HMAC_384', 'GENERATE_VERIFY_MAC', mac(384)],
  ['HMAC_512', 'GENERATE_VERIFY_MAC', mac(512)],
  ['ML_DSA_44', 'SIGN_VERIFY', mlDsa],
  ['ML_DSA_65', 'SIGN_VERIFY', mlDsa],
  ['ML_DSA_87', 'SIGN_VERIFY', mlDsa],
  ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', mlKem],
  ['ML_KEM_768', 'ENCAPSULATE_DECAPSULATE', mlKem],
  ['ML_KEM_1024', 'ENCAPSULATE_DECAPSULATE', mlKem],
];
const lists = ['Encryption', 'Signing', 'Mac', 'KeyAgreement', 'Encapsulation'].map((kind) => `${kind}Algorithms`);
const listed = (metadata: KeyMetadata | undefined) =>
  Object.fromEntries(Object.entries(metadata ?? {}).filter(([name]) => lists.includes(name)));

describe('CreateKey', () => {
  it.each(valid)(
    'makes a key of spec %s for %s, single-Region and multi-Region',
    async (KeySpec, KeyUsage, algorithms) => {
      for (const MultiRegion of [false, true]) {
        const { KeyMetadata } = await on.kms.createKey({ KeySpec, KeyUsage, MultiRegion });
        expect(KeyMetadata).toMatchObject({ KeySpec, CustomerMasterKeySpec: KeySpec, KeyUsage, MultiRegion });
        expect(listed(KeyMetadata)).toEqual(algorithms);
        expect('CurrentKeyMaterialId' in (KeyMetadata ?? {})).toBe(KeySpec === 'SYMMETRIC_DEFAULT');
        const { KeyMetadata: described } = await on.kms.describeKey({ KeyId: KeyMetadata?.Arn as string });
        expect(described).toEqual(KeyMetadata);
      }
    },
  );

  const specs = [...new Set(valid.map(([spec]) => spec)), 'RSA_4096' as const];
  const usages = [...new Set(valid.map(([, usage]) => usage))];
  const isRsa4096 = (spec: KeySpec, usage: KeyUsageType) =>
    spec === 'RSA_4096' && (usage === 'SIGN_VERIFY' || usage === 'ENCRYPT_DECRYPT');
  const invalid = specs
    .flatMap((spec) => usages.map((usage): [KeySpec, KeyUsageType] => [spec, usage]))
    .filter(([spec, usage]) => !valid.some(([s, u]) => s === spec && u === usage) && !isRsa4096(spec, usage))
    .filter(([spec, usage]) => !(spec === 'RSA_3072' && usage === 'ENCRYPT_DECRYPT'));

  it.each(invalid)('refuses spec %s for %s', async (KeySpec, KeyUsage) => {
    await expect(on.kms.createKey({ KeySpec, KeyUsage })).rejects.toMatchObject({
      name: 'ValidationException',
      message: `KeyUsage ${KeyUsage} is not compatible with KeySpec ${KeySpec}`,
    });
  });

  it.each(specs.filter((spec) => spec !== 'SYMMETRIC_DEFAULT'))(
    'wants the usage of a %s key named',
    async (KeySpec) => {
      await expect(on.kms.createKey({ KeySpec })).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.',
      });
    },
  );

  it('still knows the spec by its old name', async () => {
    const request = { CustomerMasterKeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' } as const;
    expect((await on.kms.createKey(request)).KeyMetadata?.KeySpec).toBe('ECC_NIST_P256');
  });

  it.each(['ENCRYPT_DECRYPT', 'SIGN_VERIFY', 'KEY_AGREEMENT'] as const)('has no SM2 for %s', async (KeyUsage) => {
    await expect(on.kms.createKey({ KeySpec: 'SM2', KeyUsage })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  it.each([
    [{ CustomKeyStoreId: 'cks-1234567890abcdef0' }, 'CustomKeyStoreNotFoundException'],
    [{ CustomKeyStoreId: 'cks-1234567890abcdef0', Origin: 'AWS_CLOUDHSM' as const }, 'CustomKeyStoreNotFoundException'],
    [{ Origin: 'AWS_CLOUDHSM' as const }, 'UnsupportedOperationException'],
    [{ Origin: 'EXTERNAL_KEY_STORE' as const, XksKeyId: 'k' }, 'UnsupportedOperationException'],
  ])('has no custom key store: %o', async (request, name) => {
    await expect(on.kms.createKey(request)).rejects.toMatchObject({ name });
  });

  it('answers others while it makes an RSA_4096 key', async () => {
    const making = on.kms.createKey({ KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' });
    let done = false;
    const made = making.then(({ KeyMetadata }) => {
      done = true;
      return KeyMetadata;
    });
    let answers = 0;
    // The first of them is answered long before such a key can be there; were it made in this thread, none would be.
    while (!done && answers < 3) {
      await on.kms.generateRandom({ NumberOfBytes: 1 });
      if (!done) answers++;
    }
    expect(answers).toBe(3);
    expect(listed(await made)).toEqual(rsassa);
  });

  it('makes no RSA key for somebody who may not have it', async () => {
    const stranger = on.as(nobody);
    const before = performance.now();
    const request = { KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' } as const;
    const calls = Array.from({ length: 8 }, () => stranger.createKey(request));
    for (const outcome of await Promise.allSettled(calls)) {
      expect(outcome).toMatchObject({ status: 'rejected', reason: { name: 'AccessDeniedException' } });
    }
    // Eight such keys take several seconds even on a fast machine.
    expect(performance.now() - before).toBeLessThan(1000);
  });
});
