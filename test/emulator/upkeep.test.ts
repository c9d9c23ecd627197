import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openUpkeep, type Upkeep } from '../../src/emulator/upkeep/upkeep.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
let dir: string;
let on: KmsUnderTest;
let upkeep: Upkeep;
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'kms-upkeep-'));
  on = await kmsUnderTest({ state: { dir } });
  upkeep = await openUpkeep(dir);
});
afterEach(async () => {
  await upkeep.close();
  await on.close();
  rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
});

async function dying(days: number): Promise<string> {
  const KeyId = await on.key();
  await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: days });
  return KeyId;
}

describe('The owner of a state that somebody else works on', () => {
  it.skipIf(process.platform === 'win32')('is the only one who may read it', () => {
    const modes = ['', 'world.mdb', 'world.mdb-lock', 'gate.mdb', 'gate.mdb-lock'].map(
      (name) => statSync(join(dir, name)).mode & 0o777,
    );
    expect(modes).toEqual([0o700, 0o600, 0o600, 0o600, 0o600]);
  });

  it('sees what is there', async () => {
    const KeyId = await dying(7);
    await on.kms.createAlias({ AliasName: 'alias/lives', TargetKeyId: await on.key() });
    await on.as({ region: 'eu-west-1' }).createKey({});
    on.emulator.advance(day);
    const { keys, upcoming, ahead, events } = upkeep.contents();
    expect(keys).toEqual([
      { account: '111122223333', region: 'eu-west-1', states: { Enabled: 1 } },
      { account: '111122223333', region: 'us-east-1', states: { Enabled: 1, PendingDeletion: 1 } },
    ]);
    expect(upcoming).toMatchObject([{ event: { kind: 'delete-key', region: 'us-east-1', id: KeyId }, aliases: [] }]);
    expect({ ahead, events }).toEqual({ ahead: day, events: 5 });
  });

  it('foresees what moving the clock causes, in order, and changes nothing by it', async () => {
    const [late, soon] = [await dying(30), await dying(7)];
    await on.kms.createAlias({ AliasName: 'alias/b', TargetKeyId: await on.key() });
    const ids = (ms: number) => upkeep.foresee(ms).map(({ event }) => event.id);
    expect(ids(6 * day)).toEqual([]);
    expect(ids(8 * day)).toEqual([soon]);
    expect(ids(31 * day)).toEqual([soon, late]);
    expect(upkeep.contents().ahead).toBe(0);
    expect((await on.kms.describeKey({ KeyId: soon })).KeyMetadata?.KeyState).toBe('PendingDeletion');
  });

  it('moves the clock for both', async () => {
    const KeyId = await dying(7);
    expect(upkeep.advance(7 * day)).toMatchObject([{ event: { kind: 'delete-key', id: KeyId } }]);
    await expect(on.kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    const { KeyMetadata } = await on.kms.createKey({});
    expect(Number(KeyMetadata?.CreationDate) - Date.now()).toBeGreaterThan(6.9 * day);
  });

  it('takes it all back where what happened is not agreed to', async () => {
    const KeyId = await dying(7);
    const refuse = () => {
      throw new Error('no');
    };
    expect(() => upkeep.advance(7 * day, refuse)).toThrow('no');
    expect((await on.kms.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe('PendingDeletion');
    expect(upkeep.contents().ahead).toBe(0);
  });

  it('knows how far the clock reaches', () => {
    expect(upkeep.reaches(7000 * 365 * day)).toBe(true);
    expect(upkeep.reaches(9000 * 365 * day)).toBe(false);
    expect(upkeep.now - start).toBeGreaterThan(0);
  });

  it('empties it under the other’s hands, who begins anew', async () => {
    const KeyId = await dying(7);
    on.emulator.advance(day);
    upkeep.reset();
    expect(upkeep.contents()).toMatchObject({ keys: [], upcoming: [], ahead: 0, events: 0 });
    await expect(on.kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect((await on.kms.listKeys({})).Keys).toEqual([]);
    const again = await on.key();
    await on.kms.describeKey({ KeyId: again });
    expect(upkeep.contents().events).toBeGreaterThan(0);
  });
});
