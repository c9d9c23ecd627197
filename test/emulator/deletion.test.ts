import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

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
const schedule = (days = 7) => on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: days });

describe('ScheduleKeyDeletion', () => {
  it('tells when the window ends', async () => {
    const DeletionDate = new Date(start + 7 * day);
    expect(await schedule()).toMatchObject({
      KeyId: arn(),
      DeletionDate,
      KeyState: 'PendingDeletion',
      PendingWindowInDays: 7,
    });
    const { KeyMetadata } = await on.kms.describeKey({ KeyId });
    expect(KeyMetadata).toMatchObject({ KeyState: 'PendingDeletion', Enabled: false, DeletionDate });
  });

  it('waits 30 days unless told otherwise', async () => {
    expect(await on.kms.scheduleKeyDeletion({ KeyId })).toMatchObject({ PendingWindowInDays: 30 });
  });

  it.each([6, 31])('refuses a window of %i days', async (days) => {
    await expect(schedule(days)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining(`Value '${days}' at 'pendingWindowInDays' failed to satisfy constraint`),
    });
  });

  it('makes the key useless at once', async () => {
    await schedule();
    const refused = { name: 'KMSInvalidStateException', message: `${arn()} is pending deletion.` };
    await expect(schedule()).rejects.toMatchObject(refused);
    await expect(on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') })).rejects.toMatchObject(refused);
    await expect(on.kms.enableKey({ KeyId })).rejects.toMatchObject(refused);
    const Tags = [{ TagKey: 'a', TagValue: 'b' }];
    await expect(on.kms.tagResource({ KeyId, Tags })).rejects.toMatchObject(refused);
  });

  it('lets the key and its aliases go when the window has ended, and no earlier', async () => {
    await on.kms.createAlias({ AliasName: 'alias/mortal', TargetKeyId: KeyId });
    await schedule();
    on.emulator.advance(7 * day - 1);
    expect((await on.kms.describeKey({ KeyId: 'alias/mortal' })).KeyMetadata?.KeyId).toBe(KeyId);
    on.emulator.advance(1);
    await expect(on.kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect((await on.kms.listAliases({})).Aliases).toEqual([]);
    expect((await on.kms.listKeys({})).Keys).toEqual([]);
    await on.kms.createAlias({ AliasName: 'alias/mortal', TargetKeyId: await on.key() });
  });
});

describe('CancelKeyDeletion', () => {
  it('brings the key back, disabled, for good', async () => {
    await schedule();
    expect((await on.kms.cancelKeyDeletion({ KeyId })).KeyId).toBe(arn());
    const { KeyMetadata } = await on.kms.describeKey({ KeyId });
    expect(KeyMetadata?.KeyState).toBe('Disabled');
    expect(KeyMetadata).not.toHaveProperty('DeletionDate');
    on.emulator.advance(400 * day);
    await on.kms.enableKey({ KeyId });
  });

  it('refuses a key that is not dying', async () => {
    await expect(on.kms.cancelKeyDeletion({ KeyId })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arn()} is not pending deletion.`,
    });
  });
});
