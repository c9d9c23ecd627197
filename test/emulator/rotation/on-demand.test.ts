import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey } from '../../support/new-keys.js';

const [second, minute, day] = [1000, 60_000, 24 * 60 * 60 * 1000];
const start = Date.UTC(2026, 0, 1);
let on: KmsUnderTest;
let KeyId: string;
beforeEach(async () => {
  on = await kmsUnderTest({ now: () => start });
  KeyId = await on.key();
});
afterEach(() => on.close());

const arn = () => `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
const rotate = () => on.kms.rotateKeyOnDemand({ KeyId });
const current = async () => (await on.kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId;
const started = async () => (await on.kms.getKeyRotationStatus({ KeyId })).OnDemandRotationStartDate;

describe('RotateKeyOnDemand', () => {
  it('begins a rotation, which is done a moment later', async () => {
    const before = await current();
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    expect((await rotate()).KeyId).toBe(KeyId);
    expect(await started()).toEqual(new Date(start));
    expect(await current()).toBe(before);
    on.emulator.advance(second);
    expect(await started()).toBeUndefined();
    expect(await current()).not.toBe(before);
    expect((await on.kms.decrypt({ CiphertextBlob })).KeyMaterialId).toBe(before);
    expect((await on.kms.listKeyRotations({ KeyId })).Rotations).toEqual([
      {
        KeyId,
        KeyMaterialId: await current(),
        KeyMaterialState: 'CURRENT',
        RotationDate: new Date(start + second),
        RotationType: 'ON_DEMAND',
      },
    ]);
  });

  it('leaves the automatic schedule as it is', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    on.emulator.advance(80 * day);
    await rotate();
    on.emulator.advance(10 * day);
    const { Rotations } = await on.kms.listKeyRotations({ KeyId });
    expect(Rotations?.map(({ RotationType }) => RotationType)).toEqual(['ON_DEMAND', 'AUTOMATIC']);
    expect(Rotations?.at(-1)?.RotationDate).toEqual(new Date(start + 90 * day));
  });

  it('waits for the one that is running', async () => {
    await rotate();
    await expect(rotate()).rejects.toMatchObject({
      name: 'ConflictException',
      message: expect.stringContaining(arn()),
    });
    on.emulator.advance(second);
    await rotate();
  });

  it('waits for an automatic one that is near', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    on.emulator.advance(90 * day - 20 * minute);
    await expect(rotate()).rejects.toMatchObject({ name: 'ConflictException' });
    on.emulator.advance(20 * minute);
    await rotate();
  });

  it('may come a little more than 20 minutes before it', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    on.emulator.advance(90 * day - 20 * minute - 1);
    await rotate();
  });

  it('is done 25 times in the life of a key', async () => {
    for (let count = 0; count < 25; count++) {
      await on.kms.rotateKeyOnDemand({ KeyId });
      on.emulator.advance(second);
    }
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect((await on.kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(25);
  });

  it.each([
    ['HMAC_256', 'GENERATE_VERIFY_MAC'],
    ['ECC_NIST_P256', 'SIGN_VERIFY'],
  ] as const)('is not for a key of spec %s', async (spec, usage) => {
    const id = await newKey(on.kms, spec, usage);
    await expect(on.kms.rotateKeyOnDemand({ KeyId: id })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  it('is not for a disabled key, nor one that is pending deletion, nor without material', async () => {
    await on.kms.disableKey({ KeyId });
    await expect(rotate()).rejects.toMatchObject({ name: 'DisabledException', message: `${arn()} is disabled.` });
    await on.kms.scheduleKeyDeletion({ KeyId });
    await expect(rotate()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
    const { KeyMetadata } = await on.kms.createKey({ Origin: 'EXTERNAL' });
    await expect(on.kms.rotateKeyOnDemand({ KeyId: KeyMetadata?.KeyId })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${KeyMetadata?.Arn} is pending import.`,
    });
  });

  it('takes no alias and knows no key that is not there', async () => {
    const KeyId = '00000000-0000-0000-0000-000000000000';
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    for (const id of ['alias/none', 'arn:aws:kms']) {
      await expect(on.kms.rotateKeyOnDemand({ KeyId: id })).rejects.toMatchObject({ name: 'InvalidArnException' });
    }
  });
});

describe('ListKeyRotations', () => {
  const rotateTimes = async (times: number) => {
    for (let count = 0; count < times; count++) {
      await rotate();
      on.emulator.advance(second);
    }
  };

  it('lists rotations alone unless told otherwise: the first material is none', async () => {
    const first = await current();
    expect((await on.kms.listKeyRotations({ KeyId })).Rotations).toEqual([]);
    await rotateTimes(1);
    expect((await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ROTATIONS_ONLY' })).Rotations).toHaveLength(1);
    const { Rotations } = await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
    expect(Rotations).toEqual([
      { KeyId, KeyMaterialId: first, KeyMaterialState: 'NON_CURRENT' },
      expect.objectContaining({ KeyMaterialId: await current(), KeyMaterialState: 'CURRENT' }),
    ]);
  });

  it('gives each once, page by page', async () => {
    await rotateTimes(5);
    const whole = await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
    expect(whole).toMatchObject({ Truncated: false });
    const ids: unknown[] = [];
    for (let Marker: string | undefined, more = true; more; ) {
      const page = await on.kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL', Limit: 4, Marker });
      ids.push(...(page.Rotations ?? []));
      Marker = page.NextMarker;
      more = page.Truncated ?? false;
    }
    expect(ids).toEqual(whole.Rotations);
    expect(ids).toHaveLength(6);
  });

  it('refuses a marker that is none, or of another listing', async () => {
    await rotateTimes(2);
    const { NextMarker } = await on.kms.listKeyRotations({ KeyId, Limit: 1 });
    const refused = { name: 'InvalidMarkerException' };
    await expect(on.kms.listKeyRotations({ KeyId, Marker: 'none' })).rejects.toMatchObject(refused);
    const other = on.kms.listKeyRotations({ KeyId, Marker: NextMarker, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
    await expect(other).rejects.toMatchObject(refused);
  });

  it('is empty for keys that cannot be rotated, which have no material to include', async () => {
    const id = await newKey(on.kms, 'HMAC_256', 'GENERATE_VERIFY_MAC');
    expect((await on.kms.listKeyRotations({ KeyId: id })).Rotations).toEqual([]);
    await expect(on.kms.listKeyRotations({ KeyId: id, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });

  it('answers whatever the state of the key', async () => {
    await rotateTimes(1);
    await on.kms.disableKey({ KeyId });
    expect((await on.kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    await on.kms.scheduleKeyDeletion({ KeyId });
    expect((await on.kms.listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
  });
});
