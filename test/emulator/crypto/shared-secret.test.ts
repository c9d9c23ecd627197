import { createPublicKey, diffieHellman, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { flipped } from '../../support/flip.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey, newKeys } from '../../support/new-keys.js';

const curves = { ECC_NIST_P256: 'P-256', ECC_NIST_P384: 'P-384', ECC_NIST_P521: 'P-521' } as const;
const kems = ['ML_KEM_512', 'ML_KEM_768', 'ML_KEM_1024'] as const;
type Curve = keyof typeof curves;

let on: KmsUnderTest;
let ecc: Record<Curve, string>;
let kem: Record<(typeof kems)[number], string>;
beforeAll(async () => {
  on = await kmsUnderTest();
  ecc = await newKeys(on.kms, ['ECC_NIST_P256', 'ECC_NIST_P384', 'ECC_NIST_P521'], 'KEY_AGREEMENT');
  kem = await newKeys(on.kms, kems, 'ENCAPSULATE_DECAPSULATE');
});
afterAll(() => on.close());

const ECDH = { KeyAgreementAlgorithm: 'ECDH' } as const;
const spki = (key: KeyObject) => key.export({ format: 'der', type: 'spki' });

async function publicKey(KeyId: string): Promise<Uint8Array> {
  return (await on.kms.getPublicKey({ KeyId })).PublicKey as Uint8Array;
}

describe('DeriveSharedSecret', () => {
  it.each([
    ['ECC_NIST_P256', 32],
    ['ECC_NIST_P384', 48],
    ['ECC_NIST_P521', 66],
  ] as const)('%s agrees on %i bytes with a peer elsewhere', async (spec, size) => {
    const peer = generateKeyPairSync('ec', { namedCurve: curves[spec] });
    const KeyId = ecc[spec];
    const reply = await on.kms.deriveSharedSecret({ KeyId, ...ECDH, PublicKey: spki(peer.publicKey) });
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    expect(reply).toMatchObject({ KeyId: arn, KeyAgreementAlgorithm: 'ECDH', KeyOrigin: 'AWS_KMS' });
    expect(reply.SharedSecret).toHaveLength(size);
    const ours = createPublicKey({ key: Buffer.from(await publicKey(KeyId)), format: 'der', type: 'spki' });
    const theirs = diffieHellman({ privateKey: peer.privateKey, publicKey: ours });
    expect(Buffer.compare(reply.SharedSecret as Uint8Array, theirs)).toBe(0);
  });

  it('is the same from both sides of two KMS keys', async () => {
    const [one, other] = [ecc.ECC_NIST_P256, await newKey(on.kms, 'ECC_NIST_P256', 'KEY_AGREEMENT')];
    const here = await on.kms.deriveSharedSecret({ KeyId: one, ...ECDH, PublicKey: await publicKey(other) });
    const there = await on.kms.deriveSharedSecret({ KeyId: other, ...ECDH, PublicKey: await publicKey(one) });
    expect(here.SharedSecret).toEqual(there.SharedSecret);
  });

  it.each<[string, () => Uint8Array]>([
    ['another curve', () => spki(generateKeyPairSync('ec', { namedCurve: 'P-384' }).publicKey)],
    ['no curve', () => spki(generateKeyPairSync('ed25519').publicKey)],
    ['no key at all', () => Buffer.from('not a key')],
  ])('refuses a public key on %s', async (_name, make) => {
    const request = { KeyId: ecc.ECC_NIST_P256, ...ECDH, PublicKey: make() };
    await expect(on.kms.deriveSharedSecret(request)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a point that is not on the curve', async () => {
    const PublicKey = flipped(await publicKey(ecc.ECC_NIST_P256), 8 * 90);
    const request = { KeyId: ecc.ECC_NIST_P256, ...ECDH, PublicKey };
    await expect(on.kms.deriveSharedSecret(request)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses a key that signs, and a recipient', async () => {
    const PublicKey = await publicKey(ecc.ECC_NIST_P256);
    const signer = await newKey(on.kms, 'ECC_NIST_P256', 'SIGN_VERIFY');
    const request = { KeyId: signer, ...ECDH, PublicKey };
    await expect(on.kms.deriveSharedSecret(request)).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
    const Recipient = { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: Buffer.from('x') } as const;
    await expect(on.kms.deriveSharedSecret({ ...request, KeyId: ecc.ECC_NIST_P256, Recipient })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  it('with DryRun says that it would have worked', async () => {
    const PublicKey = await publicKey(ecc.ECC_NIST_P256);
    const request = { KeyId: ecc.ECC_NIST_P256, ...ECDH, PublicKey, DryRun: true };
    await expect(on.kms.deriveSharedSecret(request)).rejects.toMatchObject({ name: 'DryRunOperationException' });
  });
});

const ML_KEM = { EncapsulationAlgorithm: 'ML_KEM' } as const;

describe('Encapsulate and Decapsulate', () => {
  it.each([
    ['ML_KEM_512', 768],
    ['ML_KEM_768', 1088],
    ['ML_KEM_1024', 1568],
  ] as const)('%s carries a secret in %i bytes', async (spec, size) => {
    const KeyId = kem[spec];
    const sent = await on.kms.encapsulate({ KeyId, ...ML_KEM });
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    expect(sent).toMatchObject({ KeyId: arn, EncapsulationAlgorithm: 'ML_KEM' });
    expect(sent.SharedSecret).toHaveLength(32);
    const SharedSecretCiphertextBlob = sent.SharedSecretCiphertextBlob as Uint8Array;
    expect(SharedSecretCiphertextBlob).toHaveLength(size);
    const got = await on.kms.decapsulate({ KeyId, ...ML_KEM, SharedSecretCiphertextBlob });
    expect(got).toMatchObject({ KeyId: arn, EncapsulationAlgorithm: 'ML_KEM' });
    expect(got.SharedSecret).toEqual(sent.SharedSecret);
    expect((await on.kms.encapsulate({ KeyId, ...ML_KEM })).SharedSecret).not.toEqual(sent.SharedSecret);
  });

  it('rejects a damaged ciphertext implicitly: with another secret, always the same', async () => {
    const request = { KeyId: kem.ML_KEM_768, ...ML_KEM };
    const { SharedSecret, SharedSecretCiphertextBlob: blob } = await on.kms.encapsulate(request);
    for (const bit of [0, 4000, 1088 * 8 - 1]) {
      const damaged = { ...request, SharedSecretCiphertextBlob: flipped(blob as Uint8Array, bit) };
      const first = await on.kms.decapsulate(damaged);
      expect(first.SharedSecret).toHaveLength(32);
      expect(first.SharedSecret).not.toEqual(SharedSecret);
      expect((await on.kms.decapsulate(damaged)).SharedSecret).toEqual(first.SharedSecret);
    }
    const other = { ...request, KeyId: await newKey(on.kms, 'ML_KEM_768', 'ENCAPSULATE_DECAPSULATE') };
    const elsewhere = await on.kms.decapsulate({ ...other, SharedSecretCiphertextBlob: blob as Uint8Array });
    expect(elsewhere.SharedSecret).not.toEqual(SharedSecret);
  });

  it.each([767, 769, 1088])('refuses a ciphertext of %i bytes for ML_KEM_512', async (length) => {
    const request = { KeyId: kem.ML_KEM_512, ...ML_KEM, SharedSecretCiphertextBlob: Buffer.alloc(length) };
    await expect(on.kms.decapsulate(request)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses keys of another usage', async () => {
    const request = { KeyId: ecc.ECC_NIST_P256, ...ML_KEM };
    const refused = { name: 'InvalidKeyUsageException' };
    await expect(on.kms.encapsulate(request)).rejects.toMatchObject(refused);
    const opening = on.kms.decapsulate({ ...request, SharedSecretCiphertextBlob: Buffer.alloc(768) });
    await expect(opening).rejects.toMatchObject(refused);
  });

  it('with DryRun says that it would have worked', async () => {
    const request = { KeyId: kem.ML_KEM_512, ...ML_KEM, DryRun: true };
    const dry = { name: 'DryRunOperationException' };
    await expect(on.kms.encapsulate(request)).rejects.toMatchObject(dry);
    const opening = on.kms.decapsulate({ ...request, SharedSecretCiphertextBlob: Buffer.alloc(768) });
    await expect(opening).rejects.toMatchObject(dry);
  });
});
