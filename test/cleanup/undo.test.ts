import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createOwnedKey } from '../../src/kms/own.js';
import { tagsOf } from '../../src/kms/tags.js';
import { ann, bob, openRoom, type Room, region } from '../lab/room.js';
import { sweeping } from './sweeping.js';

const alias = 'alias/kms-lab-symmetric-key';
const west = 'us-west-2';

describe('cleanup --undo', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  /** A key as a lab makes it, with its alias. */
  async function key({
    owner = ann,
    created = '2026-11-24T10:15:00.000Z',
    named = true,
    ...input
  } = {}): Promise<string> {
    const ownership = { lab: 'symmetric', namespace: 'default', run: 'run-1', owner };
    const Tags = tagsOf(ownership, alias, created);
    const { KeyId } = await createOwnedKey(room.kms, { ...input, Tags }, alias);
    if (named) await room.kms.createAlias({ AliasName: alias, TargetKeyId: KeyId });
    return KeyId;
  }

  async function run(action: 'remove' | 'undo', regions = [region]) {
    const sweep = await sweeping(room, action, regions);
    const result = await sweep.apply();
    sweep.close();
    expect(result.failed).toEqual([]);
    return { ...result, plan: sweep.plan };
  }

  const stateOf = async (KeyId: string, at = region) =>
    (await room.kmsIn(at).describeKey({ KeyId })).KeyMetadata?.KeyState;
  const led = async () => (await room.kms.describeKey({ KeyId: alias })).KeyMetadata?.KeyId;

  it('cancels deletion, enables the key, gives its alias back, and reads it back', async () => {
    const id = await key();
    await run('remove');
    expect(await stateOf(id)).toBe('PendingDeletion');
    const { plan, done } = await run('undo');
    expect(plan.changes.map(({ reason }) => reason)).toEqual(['cancel deletion, enable, give back its alias']);
    expect(done).toMatchObject([{ keyId: id, state: 'Enabled' }]);
    expect([await stateOf(id), await led()]).toEqual(['Enabled', id]);
  });

  it('leaves the alias where it leads by now', async () => {
    const [old] = [await key()];
    await run('remove');
    const young = await key();
    const { plan } = await run('undo');
    expect(plan.changes).toMatchObject([
      { reason: `cancel deletion, enable; its alias leads to ${young} now, and stays there` },
    ]);
    expect(plan.skips).toMatchObject([{ key: { keyId: young }, reason: 'not pending deletion: it is Enabled' }]);
    expect([await stateOf(old), await led()]).toEqual(['Enabled', young]);
  });

  it('gives the alias of several keys to the newest', async () => {
    await key({ named: false });
    const newest = await key({ created: '2026-11-25T10:15:00.000Z', named: false });
    await key({ created: '2026-11-23T10:15:00.000Z', named: false });
    await run('remove');
    expect((await run('undo')).done).toHaveLength(3);
    expect(await led()).toBe(newest);
  });

  it('when the alias was taken since the plan was made: the key comes back without it, and that is told', async () => {
    const id = await key();
    await run('remove');
    const sweep = await sweeping(room, 'undo');
    const { KeyMetadata: other } = await room.kms.createKey({});
    await room.kms.createAlias({ AliasName: alias, TargetKeyId: other?.KeyId });
    expect((await sweep.apply()).done).toMatchObject([
      { keyId: id, state: 'Enabled', note: `${alias} was taken meanwhile` },
    ]);
    sweep.close();
  });

  it('brings back a multi-Region primary before its replica', async () => {
    const id = await key({ MultiRegion: true } as object);
    const Tags = tagsOf(
      { lab: 'symmetric', namespace: 'default', run: 'run-1', owner: ann },
      alias,
      '2026-11-24T10:15:01.000Z',
    );
    await room.kms.replicateKey({ KeyId: id, ReplicaRegion: west, Tags });
    room.emulator.advance(60_000);
    await run('remove', [region, west]);
    expect(await stateOf(id)).toBe('PendingReplicaDeletion');
    const { done } = await run('undo', [region, west]);
    expect(done.map((each) => [each.region, each.state])).toEqual([
      [region, 'Enabled'],
      [west, 'Enabled'],
    ]);
  });

  it('brings a key without its material back to waiting for it', async () => {
    const id = await key({ Origin: 'EXTERNAL' } as object);
    await run('remove');
    expect((await run('undo')).done).toMatchObject([{ state: 'PendingImport' }]);
    expect(await stateOf(id)).toBe('PendingImport');
  });

  it("touches neither what is alive nor what is another's, and may be repeated", async () => {
    const bobs = await key({ owner: bob, named: false });
    await room.kms.scheduleKeyDeletion({ KeyId: bobs, PendingWindowInDays: 7 });
    const id = await key();
    await run('remove');
    await run('undo');
    expect(await run('undo')).toMatchObject({ done: [], plan: { changes: [] } });
    expect([await stateOf(id), await stateOf(bobs)]).toEqual(['Enabled', 'PendingDeletion']);
  });

  it('can do nothing for a key that is gone: it is not even found', async () => {
    await key();
    await run('remove');
    room.emulator.advance(9 * 86_400_000);
    expect((await run('undo')).plan).toMatchObject({ changes: [], skips: [] });
  });
});
