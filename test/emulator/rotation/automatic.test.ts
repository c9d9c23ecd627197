import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../src/emulator/store/store.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey } from '../../support/new-keys.js';

const day = 24 * 60 * 60 * 1000;
const start = Date.UTC(2026, 0, 1);
let on: KmsUnderTest;
let KeyId: string;
beforeEach(async () => {
  on = await kmsUnderTest({ now: () => start });
  KeyId = await on.key();
});
afterEach(() => on.close());

const arn = () => `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
const enable = (RotationPeriodInDays?: number) => on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays });
const status = async (kms = on.kms) => {
  const { $metadata, ...answer } = await kms.getKeyRotationStatus({ KeyId });
  return answer;
};
const current = async () => (await on.kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId;
const seal = async () => (await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') })).CiphertextBlob;
/** What the world's clock will bring, by its kind. */
const due = () => {
  const { store } = on.emulator as unknown as { store: Store };
  return [...store.range<{ kind: string }>('due/')].map(({ value }) => value.kind);
};
/** Days since the start on which the key was rotated. */
const rotatedOn = async (kms = on.kms) => {
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
  return Rotations.map(({ RotationDate }) => ((RotationDate?.getTime() ?? 0) - start) / day);
};

describe('EnableKeyRotation', () => {
  it('sets a year unless told otherwise, counted from now', async () => {
    await enable();
    expect(await status()).toEqual({
      KeyId,
      KeyRotationEnabled: true,
      RotationPeriodInDays: 365,
      NextRotationDate: new Date(start + 365 * day),
    });
  });

  it('changes the period when it is called again', async () => {
    await enable(90);
    on.emulator.advance(30 * day);
    await enable(2560);
    const NextRotationDate = new Date(start + 2590 * day);
    expect(await status()).toMatchObject({ RotationPeriodInDays: 2560, NextRotationDate });
    on.emulator.advance(365 * day);
    expect(await rotatedOn()).toEqual([]);
  });

  it.each([89, 2561])('refuses a period of %i days', async (days) => {
    await expect(enable(days)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Value '${days}' at 'rotationPeriodInDays' failed to satisfy constraint`),
    });
  });

  it('takes no alias', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    await expect(on.kms.enableKeyRotation({ KeyId: 'alias/a' })).rejects.toMatchObject({ name: 'InvalidArnException' });
  });
});

describe('DisableKeyRotation', () => {
  it('ends it', async () => {
    await enable(90);
    await on.kms.disableKeyRotation({ KeyId });
    expect(await status()).toEqual({ KeyId, KeyRotationEnabled: false });
    on.emulator.advance(365 * day);
    expect(await rotatedOn()).toEqual([]);
  });

  it('is content when there is none', async () => {
    await on.kms.disableKeyRotation({ KeyId });
    expect(await status()).toEqual({ KeyId, KeyRotationEnabled: false });
  });
});

describe('a key that rotates automatically', () => {
  it('does so on its day and no earlier', async () => {
    await enable(90);
    const before = await current();
    on.emulator.advance(90 * day - 1);
    expect(await current()).toBe(before);
    on.emulator.advance(1);
    expect(await current()).not.toBe(before);
    expect(await status()).toMatchObject({ NextRotationDate: new Date(start + 180 * day) });
  });

  it('makes up three years at once, each rotation at its own date', async () => {
    await enable();
    on.emulator.advance(3 * 365 * day);
    expect(await rotatedOn()).toEqual([365, 730, 1095]);
    const { Rotations } = await on.kms.listKeyRotations({ KeyId });
    expect(new Set(Rotations?.map(({ KeyMaterialId }) => KeyMaterialId)).size).toBe(3);
    expect(Rotations?.at(-1)).toEqual({
      KeyId,
      KeyMaterialId: await current(),
      KeyMaterialState: 'CURRENT',
      RotationDate: new Date(start + 1095 * day),
      RotationType: 'AUTOMATIC',
    });
  });

  it('opens what every generation sealed, and says which one it was', async () => {
    await enable(90);
    const sealed = [{ blob: await seal(), material: await current() }];
    for (let rotations = 0; rotations < 3; rotations++) {
      on.emulator.advance(90 * day);
      sealed.push({ blob: await seal(), material: await current() });
    }
    expect(new Set(sealed.map(({ material }) => material)).size).toBe(4);
    for (const { blob, material } of sealed) {
      const opened = await on.kms.decrypt({ CiphertextBlob: blob });
      expect(Buffer.from(opened.Plaintext ?? []).toString()).toBe('hi');
      expect(opened.KeyMaterialId).toBe(material);
    }
    const moved = await on.kms.reEncrypt({ CiphertextBlob: sealed[0]?.blob, DestinationKeyId: KeyId });
    expect(moved).toMatchObject({
      SourceKeyMaterialId: sealed[0]?.material,
      DestinationKeyMaterialId: await current(),
    });
    expect((await on.kms.generateDataKey({ KeyId, KeySpec: 'AES_256' })).KeyMaterialId).toBe(await current());
  });

  it('is not rotated while it is disabled, and at once when it is enabled too late', async () => {
    await enable(90);
    await on.kms.disableKey({ KeyId });
    on.emulator.advance(200 * day);
    expect(await rotatedOn()).toEqual([]);
    expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    await on.kms.enableKey({ KeyId });
    expect(await rotatedOn()).toEqual([200]);
    expect(await status()).toMatchObject({ NextRotationDate: new Date(start + 290 * day) });
    on.emulator.advance(90 * day);
    expect(await rotatedOn()).toEqual([200, 290]);
  });

  it('keeps its schedule when it is enabled again in time', async () => {
    await enable(90);
    await on.kms.disableKey({ KeyId });
    on.emulator.advance(60 * day);
    await on.kms.enableKey({ KeyId });
    on.emulator.advance(40 * day);
    expect(await rotatedOn()).toEqual([90]);
  });

  it('is not rotated while its deletion is pending, and has its setting back afterwards', async () => {
    await enable(90);
    on.emulator.advance(80 * day);
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 30 });
    on.emulator.advance(20 * day);
    expect(await status()).toEqual({ KeyId, KeyRotationEnabled: false });
    expect(await rotatedOn()).toEqual([]);
    await on.kms.cancelKeyDeletion({ KeyId });
    expect(await status()).toMatchObject({ KeyRotationEnabled: true, RotationPeriodInDays: 90 });
    expect(await rotatedOn()).toEqual([]);
    await on.kms.enableKey({ KeyId });
    expect(await rotatedOn()).toEqual([100]);
  });

  it('has nothing due that would not happen', async () => {
    await enable(90);
    expect(due()).toEqual(['rotate-key']);
    await on.kms.disableKey({ KeyId });
    expect(due()).toEqual([]);
    await on.kms.enableKey({ KeyId });
    expect(due()).toEqual(['rotate-key']);
    await on.kms.scheduleKeyDeletion({ KeyId });
    expect(due()).toEqual(['delete-key']);
    await on.kms.cancelKeyDeletion({ KeyId });
    await on.kms.enableKey({ KeyId });
    expect(due()).toEqual(['rotate-key']);
    await on.kms.disableKeyRotation({ KeyId });
    expect(due()).toEqual([]);
  });

  it('takes its schedule with it when it is deleted', async () => {
    await enable(90);
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    on.emulator.advance(365 * day);
    await expect(status()).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('goes on in a copy of the world without the original', async () => {
    await enable(90);
    const copy = on.emulator.copy();
    copy.advance(365 * day);
    expect(await rotatedOn(on.over(copy))).toEqual([90, 180, 270, 360]);
    expect(await rotatedOn()).toEqual([]);
    await copy.close();
  });

  it('goes on under eventual consistency', async () => {
    on.emulator.eventualConsistency(1000);
    await enable(90);
    expect(await status()).toMatchObject({ KeyRotationEnabled: false });
    on.emulator.advance(1000);
    expect(await status()).toMatchObject({ KeyRotationEnabled: true });
    on.emulator.advance(90 * day);
    await status();
    on.emulator.advance(1000);
    expect(await rotatedOn()).toEqual([90]);
  });
});

describe.each([
  ['EnableKeyRotation', (id: string) => on.kms.enableKeyRotation({ KeyId: id })],
  ['DisableKeyRotation', (id: string) => on.kms.disableKeyRotation({ KeyId: id })],
] as const)('%s', (_name, call) => {
  it.each([
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
  ] as const)('is not for a key of spec %s', async (spec, usage) => {
    const id = await newKey(on.kms, spec, usage);
    await expect(call(id)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    expect(await on.kms.getKeyRotationStatus({ KeyId: id })).toMatchObject({ KeyId: id, KeyRotationEnabled: false });
  });

  it('is not for a disabled key, nor one that is pending deletion', async () => {
    await on.kms.disableKey({ KeyId });
    await expect(call(KeyId)).rejects.toMatchObject({ name: 'DisabledException', message: `${arn()} is disabled.` });
    await on.kms.scheduleKeyDeletion({ KeyId });
    const message = `${arn()} is pending deletion.`;
    await expect(call(KeyId)).rejects.toMatchObject({ name: 'KMSInvalidStateException', message });
  });

  it('is not for imported key material', async () => {
    const { KeyMetadata } = await on.kms.createKey({ Origin: 'EXTERNAL' });
    await expect(call(KeyMetadata?.KeyId as string)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${KeyMetadata?.Arn} origin is EXTERNAL which is not valid for this operation.`,
    });
  });
});
