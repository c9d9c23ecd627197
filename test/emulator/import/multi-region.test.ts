import { randomBytes } from 'node:crypto';
import type { ImportKeyMaterialRequest, KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importWith, type Parameters, parametersFor } from '../../support/imports.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const [second, day] = [1000, 24 * 60 * 60 * 1000];
const start = Date.UTC(2026, 0, 1);
const region = 'eu-west-1';
const [material, newer] = [randomBytes(32), randomBytes(32)];
let on: KmsUnderTest;
let replica: KMS;
let KeyId: string;
let here: Parameters;
let there: Parameters;
beforeAll(async () => {
  on = await kmsUnderTest({ now: () => start });
  replica = on.as({ region });
  KeyId = (await on.kms.createKey({ MultiRegion: true, Origin: 'EXTERNAL' })).KeyMetadata?.KeyId as string;
  here = await parametersFor(on.kms, KeyId);
});
afterAll(() => on.close());

const primary = (bytes: Uint8Array, more: Partial<ImportKeyMaterialRequest> = {}) =>
  importWith(on.kms, KeyId, here, bytes, more);
const abroad = (bytes: Uint8Array, more: Partial<ImportKeyMaterialRequest> = {}) =>
  importWith(replica, KeyId, there, bytes, more);
const stateOf = async (kms: KMS) => (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
const last = async (kms: KMS) => {
  const { Rotations } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
  return Rotations?.at(-1);
};

describe('a multi-Region key with imported material, from its first day on', () => {
  it('is replicated once the primary has its material, and the replica waits for its own', async () => {
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: region })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    await primary(material);
    await on.kms.replicateKey({ KeyId, ReplicaRegion: region });
    on.emulator.advance(second);
    expect(await stateOf(replica)).toBe('PendingImport');
    expect(await stateOf(on.kms)).toBe('Enabled');
  });

  it('takes no token of another Region, and no other material', async () => {
    there = await parametersFor(replica, KeyId);
    await expect(importWith(replica, KeyId, here, material)).rejects.toMatchObject({
      name: 'InvalidImportTokenException',
    });
    await expect(abroad(newer)).rejects.toMatchObject({ name: 'IncorrectKeyMaterialException' });
  });

  it('opens in one Region what was sealed in another', async () => {
    const { KeyMaterialId } = await abroad(material, { ValidTo: new Date(start + 30 * day) });
    expect(await stateOf(replica)).toBe('Enabled');
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    expect((await replica.decrypt({ KeyId, CiphertextBlob })).KeyMaterialId).toBe(KeyMaterialId);
    expect((await replica.describeKey({ KeyId })).KeyMetadata).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_EXPIRES',
    });
    expect((await on.kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
  });

  it('takes new material in the primary first, and rotates when all have it', async () => {
    const NEW = { ImportType: 'NEW_KEY_MATERIAL' } as const;
    await expect(abroad(newer, NEW)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    const { KeyMaterialId } = await primary(newer, NEW);
    expect(await last(on.kms)).toMatchObject({
      KeyMaterialId,
      KeyMaterialState: 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION',
      ImportState: 'IMPORTED',
    });
    expect(await last(replica)).toMatchObject({ KeyMaterialId, ImportState: 'PENDING_IMPORT' });
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    await abroad(newer, { ImportType: 'EXISTING_KEY_MATERIAL' });
    expect(await last(on.kms)).toMatchObject({ KeyMaterialState: 'PENDING_ROTATION' });
    await expect(replica.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
  });

  it('loses what waits in the primary from its replicas, too', async () => {
    const { KeyMaterialId } = (await last(on.kms)) ?? {};
    await on.kms.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    for (const kms of [on.kms, replica]) {
      expect(await last(kms)).toMatchObject({ KeyMaterialState: 'CURRENT' });
      expect(await stateOf(kms)).toBe('Enabled');
    }
  });

  it('keeps it in the primary when a replica loses it, during a rotation even', async () => {
    const { KeyMaterialId } = await primary(newer, { ImportType: 'NEW_KEY_MATERIAL' });
    await abroad(newer);
    await on.kms.rotateKeyOnDemand({ KeyId });
    await replica.deleteImportedKeyMaterial({ KeyId, KeyMaterialId });
    on.emulator.advance(second);
    expect(await last(on.kms)).toMatchObject({ KeyMaterialId, KeyMaterialState: 'CURRENT' });
    expect(await stateOf(on.kms)).toBe('Enabled');
    expect(await stateOf(replica)).toBe('PendingImport');
    await abroad(newer);
    expect(await stateOf(replica)).toBe('Enabled');
  });

  it('expires in each Region by itself', async () => {
    on.emulator.advance(30 * day);
    expect(await stateOf(replica)).toBe('PendingImport');
    expect(await stateOf(on.kms)).toBe('Enabled');
  });
});
