import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  importWith,
  newExternalKey,
  type Parameters,
  parametersFor,
  wrap,
  wrapUnderAes,
} from '../../support/imports.js';
import { type InACopy, inACopy, type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 1);
/** A wrapping key is costly: it is made once, and each spec has a world of its own with it. */
let original: KmsUnderTest;
let KeyId: string;
let issued: Parameters;
beforeAll(async () => {
  original = await kmsUnderTest({ now: () => start });
  KeyId = await newExternalKey(original.kms);
  issued = await parametersFor(original.kms, KeyId);
});
afterAll(() => original.close());
let on: InACopy;
let parameters: Parameters;
beforeEach(() => {
  on = inACopy(original);
  parameters = issued;
});
afterEach(() => on.emulator.close());

const arn = () => `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
const material = randomBytes(32);
const other = randomBytes(32);
const bring = (bytes: Uint8Array, more: More = {}) => importWith(on.kms, KeyId, parameters, bytes, more);
type More = NonNullable<globalThis.Parameters<typeof importWith>[4]>;
const described = async () => (await on.kms.describeKey({ KeyId })).KeyMetadata;

describe('CreateKey with origin EXTERNAL', () => {
  it('makes a key that waits for its material', async () => {
    expect(await described()).toMatchObject({ KeyState: 'PendingImport', Enabled: false, Origin: 'EXTERNAL' });
    for (const member of ['CurrentKeyMaterialId', 'ExpirationModel', 'ValidTo']) {
      expect(await described()).not.toHaveProperty(member);
    }
    await expect(on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn()} is pending import.`,
    });
    await expect(on.kms.enableKey({ KeyId })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it.each([
    ['ML_DSA_44', 'SIGN_VERIFY'],
    ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'],
  ] as const)('is refused for %s', async (KeySpec, KeyUsage) => {
    await expect(on.kms.createKey({ Origin: 'EXTERNAL', KeySpec, KeyUsage })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

describe('ImportKeyMaterial', () => {
  it('makes the key useful, and names the material', async () => {
    const { KeyId: imported, KeyMaterialId } = await bring(material);
    expect(imported).toBe(arn());
    expect(KeyMaterialId).toMatch(/^[0-9a-f]{64}$/);
    expect(await described()).toMatchObject({
      KeyState: 'Enabled',
      Enabled: true,
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      CurrentKeyMaterialId: KeyMaterialId,
    });
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    expect((await on.kms.decrypt({ CiphertextBlob })).KeyMaterialId).toBe(KeyMaterialId);
  });

  it('gives the same bytes the same name in one key, and another in another', async () => {
    const first = await bring(material);
    expect((await bring(material)).KeyMaterialId).toBe(first.KeyMaterialId);
    const second = await newExternalKey(on.kms);
    const there = await importWith(on.kms, second, await parametersFor(on.kms, second), material);
    expect(there.KeyMaterialId).not.toBe(first.KeyMaterialId);
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    await expect(on.kms.decrypt({ KeyId: second, CiphertextBlob })).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
  });

  it('takes the same material only, unless it is said to be new', async () => {
    await bring(material);
    const refused = { name: 'IncorrectKeyMaterialException' };
    await expect(bring(other)).rejects.toMatchObject(refused);
    await expect(bring(other, { ImportType: 'EXISTING_KEY_MATERIAL' })).rejects.toMatchObject(refused);
    await expect(bring(material, { ImportType: 'NEW_KEY_MATERIAL' })).rejects.toMatchObject(refused);
  });

  it('takes the material of the given id only', async () => {
    const refused = { name: 'IncorrectKeyMaterialException' };
    await expect(bring(material, { ImportType: 'EXISTING_KEY_MATERIAL' })).rejects.toMatchObject(refused);
    const { KeyMaterialId } = await bring(material);
    await bring(material, { KeyMaterialId });
    await expect(bring(material, { KeyMaterialId: '0'.repeat(64) })).rejects.toMatchObject(refused);
    await expect(bring(other, { ImportType: 'NEW_KEY_MATERIAL', KeyMaterialId })).rejects.toMatchObject({
      name: 'ValidationException',
    });
  });

  it('keeps a description that is not given anew', async () => {
    const description = async () => {
      const { Rotations } = await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      return Rotations?.[0]?.KeyMaterialDescription;
    };
    await bring(material, { KeyMaterialDescription: 'from the safe' });
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    await bring(material);
    expect(await description()).toBe('from the safe');
    await bring(material, { KeyMaterialDescription: 'from the other safe' });
    expect(await description()).toBe('from the other safe');
  });

  it.each([
    ['no date where it expires', { ExpirationModel: 'KEY_MATERIAL_EXPIRES' as const }],
    ['neither model nor date: the usual model expires', { ExpirationModel: undefined }],
    [
      'a date where it does not expire',
      { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' as const, ValidTo: new Date(start + day) },
    ],
    ['a date that is past', { ValidTo: new Date(start) }],
    ['a date more than a year away', { ValidTo: new Date(start + 365 * day + 1000) }],
  ])('refuses %s', async (_name, more) => {
    await expect(bring(material, more)).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await described()).toMatchObject({ KeyState: 'PendingImport' });
  });

  it.each([1, 16, 31, 33])('refuses %i bytes as a symmetric key', async (size) => {
    await expect(bring(randomBytes(size))).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
  });

  it('refuses a token that is damaged, of another key, or 24 hours old', async () => {
    const second = await newExternalKey(on.kms);
    const refused = { name: 'InvalidImportTokenException' };
    await expect(importWith(on.kms, second, parameters, material)).rejects.toMatchObject(refused);
    for (const at of [0, parameters.token.length - 1]) {
      const token = Buffer.from(parameters.token);
      token[at] = (token[at] ?? 0) ^ 1;
      await expect(importWith(on.kms, KeyId, { ...parameters, token }, material)).rejects.toMatchObject(refused);
    }
    await expect(importWith(on.kms, KeyId, { ...parameters, token: Buffer.from('x') }, material)).rejects.toMatchObject(
      refused,
    );
    on.emulator.advance(day);
    await expect(bring(material)).rejects.toMatchObject({ name: 'ExpiredImportTokenException' });
  });

  it('serves as often as wanted in its 24 hours', async () => {
    await bring(material);
    on.emulator.advance(day - 1);
    await bring(material);
  });

  it('refuses what was wrapped for another key or in another way, or was damaged', async () => {
    const foreign = { ...parameters, publicKey: (await parametersFor(on.kms, KeyId)).publicKey };
    const damaged = wrap(parameters, material);
    damaged[100] = (damaged[100] ?? 0) ^ 1;
    for (const EncryptedKeyMaterial of [
      wrap(foreign, material),
      wrap({ ...parameters, algorithm: 'RSAES_OAEP_SHA_1' }, material),
      damaged,
      damaged.subarray(1),
    ]) {
      await expect(bring(material, { EncryptedKeyMaterial })).rejects.toMatchObject({
        name: 'InvalidCiphertextException',
      });
    }
  });

  it('is for keys whose material is imported, and for no other', async () => {
    const own = (await on.kms.createKey({})).KeyMetadata?.KeyId as string;
    const refused = { name: 'UnsupportedOperationException', message: expect.stringContaining('origin is AWS_KMS') };
    await expect(importWith(on.kms, own, parameters, material)).rejects.toMatchObject(refused);
    await expect(on.kms.deleteImportedKeyMaterial({ KeyId: own })).rejects.toMatchObject(refused);
  });
});

describe('a private key that is imported', () => {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  let own: string;
  let wrapping: Parameters;
  beforeAll(async () => {
    own = await newExternalKey(original.kms, 'ECC_NIST_P256', 'SIGN_VERIFY');
    wrapping = await parametersFor(original.kms, own, 'RSA_AES_KEY_WRAP_SHA_256');
  });
  const into = (bytes: Uint8Array, more: More = {}) => importWith(on.kms, own, wrapping, bytes, more);

  it('has no public half before, and keeps it when the private one is deleted', async () => {
    await expect(on.kms.getPublicKey({ KeyId: own })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    expect(await into(pkcs8)).not.toHaveProperty('KeyMaterialId');
    const { PublicKey } = await on.kms.getPublicKey({ KeyId: own });
    await on.kms.deleteImportedKeyMaterial({ KeyId: own });
    expect((await on.kms.getPublicKey({ KeyId: own })).PublicKey).toEqual(PublicKey);
    await into(pkcs8);
    const Message = Buffer.from('hi');
    const { Signature } = await on.kms.sign({ KeyId: own, Message, SigningAlgorithm: 'ECDSA_SHA_256' });
    expect(await on.kms.verify({ KeyId: own, Message, Signature, SigningAlgorithm: 'ECDSA_SHA_256' })).toMatchObject({
      SignatureValid: true,
    });
  });

  it('is never replaced by another', async () => {
    await into(pkcs8);
    const { privateKey: second } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const bytes = second.export({ format: 'der', type: 'pkcs8' });
    await expect(into(bytes)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
  });

  it.each([
    [
      'on another curve',
      generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'der', type: 'pkcs8' }),
    ],
    ['of another kind', generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' })],
    ['not in PKCS #8', privateKey.export({ format: 'der', type: 'sec1' })],
    ['that is none', Buffer.from('no key at all')],
  ])('is refused %s', async (_name, bytes) => {
    await expect(into(bytes)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
  });

  it('comes under an AES key of 256 bits, whole', async () => {
    const rsa: Parameters = { ...wrapping, algorithm: 'RSAES_OAEP_SHA_256' };
    const [short, aes] = [randomBytes(16), randomBytes(32)];
    const body = wrapUnderAes(aes, pkcs8);
    for (const EncryptedKeyMaterial of [
      Buffer.concat([wrap(rsa, short), body]),
      Buffer.concat([wrap(rsa, aes), body.subarray(8)]),
      wrap(rsa, aes),
    ]) {
      await expect(into(pkcs8, { EncryptedKeyMaterial })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
    await into(pkcs8, { EncryptedKeyMaterial: Buffer.concat([wrap(rsa, aes), body]) });
  });

  it.each([
    { ImportType: 'NEW_KEY_MATERIAL' as const },
    { KeyMaterialDescription: 'd' },
    { KeyMaterialId: '0'.repeat(64) },
  ])('knows no generations: %o', async (more) => {
    await expect(into(pkcs8, more)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });
});
