import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importWith, newExternalKey, type Parameters, parametersFor } from '../../support/imports.js';
import { type InACopy, inACopy, type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { exchange } from '../../support/peers.js';

const [second, day] = [1000, 24 * 60 * 60 * 1000];
const start = Date.UTC(2026, 0, 1);
const [material, newer] = [randomBytes(32), randomBytes(32)];
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
const bring = (bytes: Uint8Array, more: object = {}) => importWith(on.kms, KeyId, parameters, bytes, more);
const anew = async (bytes: Uint8Array, more: object = {}) => {
  parameters = await parametersFor(on.kms, KeyId);
  return bring(bytes, more);
};
const described = async () => (await on.kms.describeKey({ KeyId })).KeyMetadata;
const seal = async () => (await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') })).CiphertextBlob;
const open = async (CiphertextBlob: Uint8Array | undefined) =>
  Buffer.from((await on.kms.decrypt({ CiphertextBlob })).Plaintext ?? []).toString();
const listed = async () => {
  const { Rotations } = await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  return Rotations;
};
/** Bring a second material and rotate to it. */
const rotated = async () => {
  const first = (await bring(material)).KeyMaterialId as string;
  const next = (await bring(newer, { ImportType: 'NEW_KEY_MATERIAL' })).KeyMaterialId as string;
  await on.kms.rotateKeyOnDemand({ KeyId });
  on.emulator.advance(second);
  return { first, next };
};

describe('imported material that expires', () => {
  it('makes the key useless at its time and no earlier', async () => {
    const ValidTo = new Date(start + 30 * day);
    const { KeyMaterialId } = await bring(material, { ValidTo });
    expect(await described()).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo });
    const blob = await seal();
    on.emulator.advance(30 * day - 1);
    expect(await open(blob)).toBe('hi');
    on.emulator.advance(1);
    await expect(open(blob)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn()} is pending import.`,
    });
    expect(await described()).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: KeyMaterialId });
    expect(await described()).not.toHaveProperty('ValidTo');
    await anew(material);
    expect(await open(blob)).toBe('hi');
    expect(await described()).toMatchObject({ KeyState: 'Enabled', ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' });
  });

  it('lives on when it is imported again in time', async () => {
    await bring(material, { ValidTo: new Date(start + 30 * day) });
    await bring(material, { ValidTo: new Date(start + 60 * day) });
    on.emulator.advance(59 * day);
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
    await anew(material);
    on.emulator.advance(365 * day);
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
  });

  it('waits for the import also where the key was disabled', async () => {
    await bring(material, { ValidTo: new Date(start + 30 * day) });
    await on.kms.disableKey({ KeyId });
    on.emulator.advance(30 * day);
    expect(await described()).toMatchObject({ KeyState: 'PendingImport' });
  });

  it('expires in a copy of the world without the original', async () => {
    await bring(material, { ValidTo: new Date(start + 30 * day) });
    const copy = on.emulator.copy();
    copy.advance(30 * day);
    expect((await original.over(copy).describeKey({ KeyId })).KeyMetadata?.KeyState).toBe('PendingImport');
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
    await copy.close();
  });
});

describe('DeleteImportedKeyMaterial', () => {
  it('makes the key useless until the same material is back', async () => {
    const { KeyMaterialId } = await bring(material);
    const blob = await seal();
    expect(await on.kms.deleteImportedKeyMaterial({ KeyId })).toMatchObject({ KeyId: arn(), KeyMaterialId });
    await expect(open(blob)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await expect(bring(newer)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
    await bring(material);
    expect(await open(blob)).toBe('hi');
  });

  it('deletes the bytes', async () => {
    await bring(material);
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    const { store } = on.emulator as unknown as { store: { range(prefix: string): Iterable<{ value: unknown }> } };
    for (const { value } of store.range('')) {
      expect(
        JSON.stringify(value, (_name, part) => (part instanceof Uint8Array ? Buffer.from(part).toString('hex') : part)),
      ).not.toContain(material.toString('hex'));
    }
  });

  it('is content when there is nothing to delete', async () => {
    const { $metadata, ...answer } = await on.kms.deleteImportedKeyMaterial({ KeyId });
    expect(answer).toEqual({ KeyId: arn() });
    await bring(material);
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    await on.kms.deleteImportedKeyMaterial({ KeyId });
  });

  it('changes the material, not the state, of a key whose deletion is pending', async () => {
    await bring(material);
    await on.kms.scheduleKeyDeletion({ KeyId });
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    expect(await described()).toMatchObject({ KeyState: 'PendingDeletion' });
    await expect(bring(material)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await on.kms.cancelKeyDeletion({ KeyId });
    expect(await described()).toMatchObject({ KeyState: 'PendingImport' });
    await bring(material);
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
  });

  it('knows no material that the key never had', async () => {
    await bring(material);
    await expect(on.kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: '0'.repeat(64) })).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });
});

describe('a key whose owner brings new material', () => {
  it('takes it for a rotation on demand', async () => {
    await bring(material, { KeyMaterialDescription: '2025' });
    const old = await seal();
    const ValidTo = new Date(start + 90 * day);
    const { KeyMaterialId } = await bring(newer, { ImportType: 'NEW_KEY_MATERIAL', ValidTo });
    expect(await listed()).toEqual([
      expect.objectContaining({
        KeyMaterialState: 'CURRENT',
        ImportState: 'IMPORTED',
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
        KeyMaterialDescription: '2025',
      }),
      {
        KeyId,
        KeyMaterialId,
        KeyMaterialState: 'PENDING_ROTATION',
        ImportState: 'IMPORTED',
        ExpirationModel: 'KEY_MATERIAL_EXPIRES',
        ValidTo,
      },
    ]);
    expect(await described()).not.toHaveProperty('ValidTo');
    await on.kms.rotateKeyOnDemand({ KeyId });
    on.emulator.advance(second);
    expect(await described()).toMatchObject({ CurrentKeyMaterialId: KeyMaterialId, ValidTo });
    expect(await listed()).toMatchObject([
      { KeyMaterialState: 'NON_CURRENT' },
      { KeyMaterialState: 'CURRENT', RotationType: 'ON_DEMAND', RotationDate: new Date(start + second) },
    ]);
    expect(await open(old)).toBe('hi');
    expect((await on.kms.decrypt({ CiphertextBlob: await seal() })).KeyMaterialId).toBe(KeyMaterialId);
  });

  it('cannot be rotated before', async () => {
    await bring(material);
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it('takes one at a time: it is rotated to, or deleted', async () => {
    await bring(material);
    const { KeyMaterialId } = await bring(newer, { ImportType: 'NEW_KEY_MATERIAL' });
    const third = { ImportType: 'NEW_KEY_MATERIAL' };
    await expect(bring(randomBytes(32), third)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await on.kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
    expect(await listed()).toHaveLength(1);
    await bring(randomBytes(32), third);
  });

  it('goes on when the new one expires before its rotation', async () => {
    await bring(material);
    await bring(newer, { ImportType: 'NEW_KEY_MATERIAL', ValidTo: new Date(start + day) });
    on.emulator.advance(day);
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
    expect(await listed()).toHaveLength(1);
  });

  it('stays as it is when the new one is deleted during the rotation', async () => {
    const { KeyMaterialId: first } = await bring(material);
    const { KeyMaterialId } = await bring(newer, { ImportType: 'NEW_KEY_MATERIAL' });
    await on.kms.rotateKeyOnDemand({ KeyId });
    await on.kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    on.emulator.advance(second);
    expect(await described()).toMatchObject({ KeyState: 'Enabled', CurrentKeyMaterialId: first });
    expect(await on.kms.getKeyRotationStatus({ KeyId })).not.toHaveProperty('OnDemandRotationStartDate');
  });

  it('needs all of its materials: without one of them it waits', async () => {
    const { first, next } = await rotated();
    const blob = await seal();
    await on.kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId: first });
    expect(await described()).toMatchObject({ KeyState: 'PendingImport', CurrentKeyMaterialId: next });
    expect(await listed()).toMatchObject([
      { KeyMaterialId: first, ImportState: 'PENDING_IMPORT' },
      { KeyMaterialId: next, ImportState: 'IMPORTED' },
    ]);
    await expect(open(blob)).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    await bring(material);
    expect(await described()).toMatchObject({ KeyState: 'PendingImport' });
    await bring(newer);
    expect(await described()).toMatchObject({ KeyState: 'Enabled' });
    expect(await open(blob)).toBe('hi');
  });

  it('tells what expires first', async () => {
    await rotated();
    const [soon, late] = [new Date(start + 10 * day), new Date(start + 20 * day)];
    await bring(material, { ValidTo: late });
    await bring(newer, { ValidTo: soon });
    expect(await described()).toMatchObject({ ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: soon });
    await bring(newer, { ValidTo: late });
    on.emulator.advance(20 * day);
    expect(await listed()).toMatchObject([{ ImportState: 'PENDING_IMPORT' }, { ImportState: 'PENDING_IMPORT' }]);
  });

  it('has no automatic rotation, and says so', async () => {
    await bring(material);
    expect(await on.kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: false });
    await on.kms.deleteImportedKeyMaterial({ KeyId });
    expect(await on.kms.getKeyRotationStatus({ KeyId })).toMatchObject({ KeyRotationEnabled: false });
  });
});

describe('what was imported', () => {
  it('outlives the process', async () => {
    const files = exchange();
    const state = { dir: files.path('state') };
    const before = await kmsUnderTest({ state, now: () => start });
    const id = await newExternalKey(before.kms);
    const wrapping = await parametersFor(before.kms, id);
    await importWith(before.kms, id, wrapping, material, { ValidTo: new Date(start + day) });
    const { CiphertextBlob } = await before.kms.encrypt({ KeyId: id, Plaintext: Buffer.from('hi') });
    await importWith(before.kms, id, wrapping, newer, { ImportType: 'NEW_KEY_MATERIAL' });
    await before.kms.rotateKeyOnDemand({ KeyId: id });
    await before.close();
    const after = await kmsUnderTest({ state, now: () => start });
    after.emulator.advance(day - 1);
    const { Plaintext } = await after.kms.decrypt({ CiphertextBlob });
    expect(Buffer.from(Plaintext ?? []).toString()).toBe('hi');
    expect((await after.kms.listKeyRotations({ KeyId: id })).Rotations).toHaveLength(1);
    await importWith(after.kms, id, wrapping, material, { ValidTo: new Date(start + 2 * day) });
    after.emulator.advance(day + 1);
    expect((await after.kms.describeKey({ KeyId: id })).KeyMetadata?.KeyState).toBe('PendingImport');
    await after.close();
    files.remove();
  });
});
