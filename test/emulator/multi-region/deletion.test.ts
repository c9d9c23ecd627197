import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../../src/emulator/store/lmdb.js';
import { arnIn, away, day, type Family, family, home, start, third } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary();
  await on.replica(KeyId);
});
afterEach(() => on.close());

/** When the keys were ready: the replica took a second. */
const ready = start + 1000;
const schedule = (region: typeof home | typeof away | typeof third, PendingWindowInDays: number) =>
  on.in[region].scheduleKeyDeletion({ KeyId, PendingWindowInDays });
const state = async (region: typeof home | typeof away | typeof third) =>
  (await on.look(on.in[region], KeyId))?.KeyState ?? 'gone';

describe('Deletion of a multi-Region primary with a replica', () => {
  it('waits for the replica: PendingReplicaDeletion has a length and no date', async () => {
    const answer = await schedule(home, 10);
    expect(answer).toMatchObject({
      KeyId: arnIn(home, KeyId),
      KeyState: 'PendingReplicaDeletion',
      PendingWindowInDays: 10,
    });
    expect(answer).not.toHaveProperty('DeletionDate');
    const key = await on.look(on.kms, KeyId);
    expect(key).toMatchObject({ KeyState: 'PendingReplicaDeletion', Enabled: false, PendingDeletionWindowInDays: 10 });
    expect(key).not.toHaveProperty('DeletionDate');
    on.emulator.advance(400 * day);
    expect(await state(home)).toBe('PendingReplicaDeletion');
    expect(await state(away)).toBe('Enabled');
  });

  it('makes it useless at once, while the replica goes on', async () => {
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    await schedule(home, 7);
    await expect(on.kms.decrypt({ CiphertextBlob, KeyId })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arnIn(home, KeyId)} is pending replica deletion.`,
    });
    await on.in[away].decrypt({ CiphertextBlob, KeyId });
  });

  it('begins its own waiting period when the last replica is really gone, at that very time', async () => {
    await on.replica(KeyId, { ReplicaRegion: third });
    const now = ready + 1000;
    await schedule(home, 10);
    await schedule(away, 7);
    await schedule(third, 8);
    on.emulator.advance(7 * day);
    expect([await state(home), await state(away), await state(third)]).toEqual([
      ...['PendingReplicaDeletion', 'gone', 'PendingDeletion'],
    ]);
    on.emulator.advance(1.5 * day);
    const key = await on.look(on.kms, KeyId);
    expect(key).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: new Date(now + 18 * day),
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY', ReplicaKeys: [] },
    });
    expect(key).not.toHaveProperty('PendingDeletionWindowInDays');
    on.emulator.advance(9.5 * day - 1);
    expect(await state(home)).toBe('PendingDeletion');
    on.emulator.advance(1);
    expect(await state(home)).toBe('gone');
  });

  it('goes through the whole chain in one move of the clock', async () => {
    await schedule(home, 10);
    await schedule(away, 7);
    on.emulator.advance(17 * day - 1);
    expect(await on.look(on.kms, KeyId)).toMatchObject({ DeletionDate: new Date(ready + 17 * day) });
    on.emulator.advance(1);
    expect(await state(home)).toBe('gone');
  });

  it('can be cancelled in every phase', async () => {
    await schedule(home, 7);
    expect((await on.kms.cancelKeyDeletion({ KeyId })).KeyId).toBe(arnIn(home, KeyId));
    const key = await on.look(on.kms, KeyId);
    expect(key).toMatchObject({ KeyState: 'Disabled' });
    expect(key).not.toHaveProperty('PendingDeletionWindowInDays');
    await schedule(away, 7);
    on.emulator.advance(7 * day);
    expect(await state(home)).toBe('Disabled');
    await on.kms.enableKey({ KeyId });
    await on.replica(KeyId);
    await schedule(home, 7);
    await schedule(away, 7);
    on.emulator.advance(8 * day);
    expect(await state(home)).toBe('PendingDeletion');
    await on.kms.cancelKeyDeletion({ KeyId });
    on.emulator.advance(100 * day);
    expect(await state(home)).toBe('Disabled');
  });
});

describe('Deletion of a replica', () => {
  it('has a date, and takes nothing from the rest of the set', async () => {
    expect(await schedule(away, 7)).toMatchObject({
      KeyState: 'PendingDeletion',
      DeletionDate: new Date(ready + 7 * day),
    });
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    on.emulator.advance(7 * day);
    expect(await state(away)).toBe('gone');
    await on.kms.decrypt({ CiphertextBlob });
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toEqual([]);
  });

  it('is not for ever: a new replica opens what the old one sealed, and has none of its aliases and tags', async () => {
    await on.in[away].createAlias({ AliasName: 'alias/old', TargetKeyId: KeyId });
    await on.in[away].tagResource({ KeyId, Tags: [{ TagKey: 'old', TagValue: '' }] });
    const { CiphertextBlob } = await on.in[away].encrypt({ KeyId, Plaintext: hi });
    await schedule(away, 7);
    on.emulator.advance(7 * day);
    await on.replica(KeyId);
    const { Plaintext } = await on.in[away].decrypt({ CiphertextBlob });
    expect(Buffer.from(Plaintext as Uint8Array)).toEqual(hi);
    expect((await on.in[away].listAliases({ KeyId })).Aliases).toEqual([]);
    expect((await on.in[away].listResourceTags({ KeyId })).Tags).toEqual([]);
  });

  it('that was the primary once leaves the new primary alone; then the old id is unknown everywhere', async () => {
    await on.promote(KeyId);
    await schedule(home, 7);
    on.emulator.advance(7 * day);
    expect([await state(home), await state(away)]).toEqual(['gone', 'Enabled']);
    await schedule(away, 7);
    on.emulator.advance(7 * day);
    expect(await state(away)).toBe('gone');
    for (const kms of [on.kms, on.in[away]]) expect((await kms.listKeys({})).Keys).toEqual([]);
  });
});

describe('The end of the last key of a set', () => {
  it('is the end of the material', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'kms-lab-mrk-'));
    const stored = await family({ state: { dir } });
    const id = await stored.primary();
    await stored.replica(id);
    await stored.kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: 7 });
    await stored.in[away].scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: 7 });
    const store = await lmdbStore(dir);
    const materials = async () => {
      await stored.kms.listKeys({});
      store.refresh();
      return [...store.range('shared/')].length;
    };
    stored.emulator.advance(14 * day - 1);
    expect(await materials()).toBe(1);
    stored.emulator.advance(1);
    expect(await materials()).toBe(0);
    await store.close();
    await stored.close();
    rmSync(dir, { recursive: true });
  });
});
