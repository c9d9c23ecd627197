import { DeleteAliasCommand, DescribeKeyCommand, ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { type ApplyOptions, apply } from '../../src/cleanup/apply.js';
import { find } from '../../src/cleanup/find.js';
import { plan } from '../../src/cleanup/plan.js';
import { account, alias, ann, bob, failure, tags } from './account.js';

type Account = ReturnType<typeof account>;

const now = Date.parse('2026-11-24T00:00:00Z');
const time = { now: () => now, sleep: async () => {} };

async function planned(on: Account) {
  return plan(await find({ kms: on.kms, regions: ['us-east-1'], filter: { owner: ann } }), { now });
}
const carryOut = async (on: Account, options: Partial<ApplyOptions> = {}) =>
  await apply(await planned(on), { kms: on.kms, time, ...options });

describe('carrying out the plan', () => {
  it('deletes the alias, schedules the key, and reads both back', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    expect(await carryOut(on)).toEqual({
      done: [
        {
          keyId: 'k',
          region: 'us-east-1',
          alias,
          monthlyUsd: 1,
          state: 'PendingDeletion',
          deletionDate: new Date('2026-12-01T00:00:00Z'),
        },
      ],
      kept: [],
      failed: [],
    });
    expect(on.changes()).toEqual([
      ['DeleteAlias', { AliasName: alias }],
      ['ScheduleKeyDeletion', { KeyId: 'k', PendingWindowInDays: 7 }],
    ]);
  });

  it('does nothing the second time', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    await carryOut(on);
    on.mock.resetHistory();
    const again = await carryOut(on);
    expect(again).toEqual({ done: [], kept: [], failed: [] });
    expect(on.changes()).toEqual([]);
  });

  it('touches nothing that is not the caller’s own kms-lab key', async () => {
    const on = account([
      { id: 'foreign', tags: { team: 'payments' }, aliases: ['alias/payments'] },
      { id: 'of-bob', tags: tags({ 'kms-lab:owner': bob }) },
      { id: 'used', tags: tags(), aliases: ['alias/production'] },
      { id: 'locked', refuses: 'AccessDeniedException' },
    ]);
    expect(await carryOut(on)).toEqual({ done: [], kept: [], failed: [] });
    expect(on.changes()).toEqual([]);
  });

  it('counts an alias that vanished, and a key that is pending by now, as success', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    const before = await planned(on);
    on.mock.on(DeleteAliasCommand).callsFake(() => {
      for (const key of on.keys) Object.assign(key, { aliases: [], state: 'PendingDeletion' });
      throw failure('NotFoundException');
    });
    expect(await apply(before, { kms: on.kms, time })).toMatchObject({ done: [{ keyId: 'k' }], failed: [] });
  });

  it('counts a key that is gone altogether as success', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    const before = await planned(on);
    on.keys.length = 0;
    expect(await apply(before, { kms: on.kms, time })).toMatchObject({ done: [{ state: 'gone' }], failed: [] });
  });

  it('leaves the alias alone when a later run has moved it to another key', async () => {
    const on = account([{ id: 'old', tags: tags(), aliases: [alias] }]);
    const before = await planned(on);
    Object.assign(on.keys[0] ?? {}, { aliases: [] });
    on.keys.push({ id: 'new', tags: tags(), aliases: [alias] });
    await apply(before, { kms: on.kms, time });
    expect(on.changes()).toEqual([['ScheduleKeyDeletion', { KeyId: 'old', PendingWindowInDays: 7 }]]);
  });

  it('keeps a key that somebody has begun to use since the plan was made', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    const before = await planned(on);
    on.keys[0]?.aliases?.push('alias/production');
    expect(await apply(before, { kms: on.kms, time })).toMatchObject({
      done: [],
      kept: [{ keyId: 'k', reason: 'now bears an alias that kms-lab did not make: alias/production' }],
    });
    expect(on.changes()).toEqual([]);
  });

  it('waits for AWS to show the new state, and does not believe what never shows', async () => {
    const on = account([{ id: 'k', tags: tags() }]);
    const before = await planned(on);
    const waits: number[] = [];
    on.mock.on(DescribeKeyCommand).resolves({ KeyMetadata: { KeyId: 'k', KeyState: 'Enabled' } });
    const sleep = async (ms: number) => waits.push(ms);
    expect(await apply(before, { kms: on.kms, time: { ...time, sleep } })).toMatchObject({
      failed: [{ kind: 'leftovers', message: 'deletion was asked for, but its state is still Enabled' }],
    });
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBe(22_500);
  });

  it('goes on after a key that fails', async () => {
    const on = account([
      { id: 'first', tags: tags() },
      { id: 'second', tags: tags() },
    ]);
    on.mock.on(ScheduleKeyDeletionCommand, { KeyId: 'first' }).rejects(failure('AccessDeniedException'));
    const told: number[] = [];
    expect(await carryOut(on, { onProgress: (done) => told.push(done) })).toMatchObject({
      done: [{ keyId: 'second' }],
      failed: [{ keyId: 'first', kind: 'denied', message: 'AccessDeniedException as told by the test' }],
    });
    expect(told).toEqual([1, 2]);
  });

  it('does not try the rest when the network is gone', async () => {
    const on = account(Array.from({ length: 30 }, (_, n) => ({ id: `k${n}`, tags: tags() })));
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED', $metadata: {} });
    on.mock.on(ScheduleKeyDeletionCommand).rejects(refused);
    const { failed } = await carryOut(on);
    expect(failed.slice(0, 10)).toMatchObject(Array(10).fill({ kind: 'unreachable' }));
    expect(failed.slice(10)).toMatchObject(Array(20).fill({ message: 'not tried: connect ECONNREFUSED' }));
    expect(on.changes()).toHaveLength(10);
  });

  it('leaves the rest when it is interrupted', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias] }]);
    expect(await carryOut(on, { signal: AbortSignal.abort() })).toMatchObject({
      failed: [{ keyId: 'k', kind: 'interrupted' }],
    });
    expect(on.changes()).toEqual([]);
  });
});
