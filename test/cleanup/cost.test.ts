import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PrepareOptions } from '../../src/cleanup/prepare.js';
import { statusOf } from '../../src/cleanup/status.js';
import { Lab } from '../../src/lab/define.js';
import { openRoom, type Room } from '../lab/room.js';
import { sweeping } from './sweeping.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 3, teaches: [] };

/** Three keys that stay, one of them rotated three times, and one for its step alone. */
const lab = Lab.define('prices', facts).step('Make keys', 'why', async ({ own, kms, until, verify }) => {
  await own.key('once-key');
  await own.key('hmac-key', { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
  await own.passing('passing-key', {}, async () => {});
  const { KeyId } = await own.key('rotated-key');
  for (let n = 1; n <= 3; n++) {
    await kms.rotateKeyOnDemand({ KeyId });
    const rotated = ({ Rotations = [] }: { Rotations?: unknown[] | undefined }) => Rotations.length === n;
    await until('it is rotated', () => kms.listKeyRotations({ KeyId }), rotated);
  }
  verify.equal('it is done', 1, 1);
});

describe('what the keys of a lab cost a month', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
    expect((await room.run(lab)).end.outcome).toBe('passed');
  });
  afterEach(() => room.close());

  async function swept(action: PrepareOptions['action'], act = false) {
    const sweep = await sweeping(room, action);
    const status = statusOf(sweep, Date.now()).reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0);
    if (act) expect((await sweep.apply()).failed).toEqual([]);
    sweep.close();
    return { status, plan: sweep.plan.monthlyUsd, skipped: sweep.plan.skips };
  }

  it('is told alike by status, cleanup and cleanup --undo: the first two rotations count, the third is free', async () => {
    expect(await swept('look')).toMatchObject({ status: 5 });
    expect(await swept('remove', true)).toMatchObject({ plan: 5 });
    expect(await swept('look')).toMatchObject({ status: 0 });
    expect(await swept('undo', true)).toMatchObject({ plan: 5 });
    expect(await swept('look')).toMatchObject({ status: 5 });
  });

  it('does not come back for a key of one step: --undo leaves it scheduled, and says why', async () => {
    await swept('remove', true);
    const { skipped } = await swept('undo', true);
    expect(skipped).toMatchObject([
      {
        key: { ownership: { alias: 'alias/kms-lab-passing-key', passing: true } },
        why: 'made for one step',
        reason: 'was made for one step of its lab, which ended it too: it stays scheduled',
      },
    ]);
    const states = (await sweeping(room, 'look')).sweep.keys.map(({ state }) => state).sort();
    expect(states).toEqual(['Enabled', 'Enabled', 'Enabled', 'PendingDeletion']);
  });
});
