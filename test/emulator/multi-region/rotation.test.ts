import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { away, day, type Family, family, home, second, third } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary();
  await on.replica(KeyId);
});
afterEach(() => on.close());

const materials = async (...regions: (typeof home | typeof away | typeof third)[]) =>
  await Promise.all(regions.map(async (region) => (await on.look(on.in[region], KeyId))?.CurrentKeyMaterialId));

describe('A multi-Region key that rotates', () => {
  it('has its new material in every Region, and opens there what the old one sealed', async () => {
    const [before] = await materials(home);
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    await on.kms.rotateKeyOnDemand({ KeyId });
    on.emulator.advance(10 * second);
    const [here, there] = await materials(home, away);
    expect(here).not.toBe(before);
    expect(there).toBe(here);
    const opened = await on.in[away].decrypt({ CiphertextBlob });
    expect(opened).toMatchObject({ KeyMaterialId: before, Plaintext: new Uint8Array(hi) });
  });

  it('gives all of its materials to a replica that is made later', async () => {
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    await on.kms.rotateKeyOnDemand({ KeyId });
    on.emulator.advance(10 * second);
    await on.replica(KeyId, { ReplicaRegion: third });
    await on.in[third].decrypt({ CiphertextBlob });
    const [here, there] = await materials(home, third);
    expect(there).toBe(here);
  });

  it('is rotated through its primary, wherever that has moved', async () => {
    const replica = { name: 'UnsupportedOperationException' };
    await expect(on.in[away].rotateKeyOnDemand({ KeyId })).rejects.toMatchObject(replica);
    await on.promote(KeyId);
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject(replica);
    await on.in[away].rotateKeyOnDemand({ KeyId });
  });

  it('keeps its schedule when the primary moves, and the schedule of the former primary is not followed as well', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await on.promote(KeyId);
    expect(await on.in[away].getKeyRotationStatus({ KeyId })).toMatchObject({ RotationPeriodInDays: 90 });
    on.emulator.advance(91 * day);
    expect((await on.in[away].listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    await on.in[away].disableKeyRotation({ KeyId });
    on.emulator.advance(200 * day);
    expect((await on.in[away].listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
    const [here, there] = await materials(home, away);
    expect(there).toBe(here);
  });

  it('goes on rotating when the Region in which it was put on the schedule has lost its key', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await on.promote(KeyId);
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    on.emulator.advance(91 * day);
    expect(await on.look(on.kms, KeyId)).toBeUndefined();
    expect((await on.in[away].listKeyRotations({ KeyId })).Rotations).toHaveLength(1);
  });
});
