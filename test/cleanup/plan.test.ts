import { describe, expect, it } from 'vitest';
import type { FoundKey, UnreadableKey } from '../../src/cleanup/found.js';
import { type PlanOptions, plan } from '../../src/cleanup/plan.js';
import { alias, ann } from './account.js';

const found = (more: Partial<FoundKey> = {}): FoundKey => ({
  type: 'key',
  region: 'us-east-1',
  keyId: 'k',
  arn: 'arn:aws:kms:us-east-1:111122223333:key/k',
  ownership: {
    lab: 'symmetric',
    namespace: 'default',
    run: '20261124-0102-abcdef',
    owner: ann,
    created: '2026-11-24T01:02:03.000Z',
    alias,
  },
  aliases: [alias],
  state: 'Enabled',
  ...more,
});

const now = Date.parse('2026-11-24T10:00:00Z');
const planned = (keys: FoundKey[], options: Partial<PlanOptions> = {}, unreadable: UnreadableKey[] = []) =>
  plan({ keys, unreadable }, { now, ...options });

describe('the plan', () => {
  it('frees the alias first, then schedules deletion in 7 days, and says when that ends', () => {
    expect(planned([found()])).toMatchObject({
      changes: [
        {
          steps: [
            { do: 'delete alias', alias },
            { do: 'schedule deletion', days: 7 },
          ],
          reason: 'schedule deletion, 7 days',
          endDate: new Date('2026-12-01T10:00:00Z'),
        },
      ],
      skips: [],
      monthlyUsd: 1,
    });
  });

  it('schedules a key whose alias moved on', () => {
    expect(planned([found({ aliases: [] })], { days: 30 }).changes[0]).toMatchObject({
      steps: [{ do: 'schedule deletion', days: 30 }],
      endDate: new Date('2026-12-24T10:00:00Z'),
    });
  });

  it('skips a key that is pending deletion', () => {
    const deletionDate = new Date('2026-12-01T10:00:00Z');
    expect(planned([found({ state: 'PendingDeletion', aliases: [], deletionDate })])).toMatchObject({
      changes: [],
      skips: [{ why: 'already pending deletion', reason: 'already pending deletion, gone from 2026-12-01' }],
      monthlyUsd: 0,
    });
  });

  it('skips a primary that waits for its replicas, and says how it goes on', () => {
    const key = found({ state: 'PendingReplicaDeletion', aliases: [], multiRegion: 'PRIMARY', pendingDays: 9 });
    expect(planned([key]).skips).toMatchObject([
      { reason: 'already pending deletion: waits for its replicas, then 9 days' },
    ]);
  });

  it('frees the alias of a key that is already pending deletion', () => {
    const { changes, monthlyUsd } = planned([found({ state: 'PendingDeletion' })]);
    expect(changes[0]?.steps).toEqual([{ do: 'delete alias', alias }]);
    expect(monthlyUsd).toBe(0);
  });

  it('skips a key that somebody gave an alias of their own, unless asked to take it too', () => {
    const used = found({ aliases: ['alias/production', alias] });
    expect(planned([used])).toMatchObject({
      changes: [],
      skips: [{ why: 'used by others', reason: 'bears an alias that kms-lab did not make: alias/production' }],
    });
    const [change] = planned([used], { includeUsed: true }).changes;
    expect(change?.steps).toEqual([
      { do: 'delete alias', alias },
      { do: 'schedule deletion', days: 7 },
    ]);
    expect(change?.reason).toBe('schedule deletion, 7 days; alias/production goes with it');
  });

  it('skips the key of files that somebody encrypted, and names them', () => {
    const files = ['/home/ann/a', '/home/ann/b', '/home/ann/c', '/home/ann/d'];
    const filesUnder = (arn: string) => (arn === found().arn ? files : []);
    expect(planned([found()], { filesUnder })).toMatchObject({
      changes: [],
      skips: [
        {
          why: 'opens files',
          reason: 'opens files that you encrypted: /home/ann/a, /home/ann/b, /home/ann/c and 1 more (--lose-files)',
        },
      ],
    });
    expect(planned([found({ arn: `${found().arn}2` })], { filesUnder }).changes).toHaveLength(1);
  });

  it('skips what cannot be read', () => {
    const locked: UnreadableKey = {
      type: 'unreadable',
      region: 'us-east-1',
      keyId: 'locked',
      reason: 'not authorized',
    };
    expect(planned([], {}, [locked])).toMatchObject({
      changes: [],
      skips: [{ why: 'not readable', reason: 'not authorized' }],
    });
  });
});

describe('the plan for a multi-Region key', () => {
  const primary = found({ keyId: 'mrk-1', multiRegion: 'PRIMARY', relatives: ['us-west-2'] });
  const replica = found({ keyId: 'mrk-1', region: 'us-west-2', multiRegion: 'REPLICA', relatives: ['us-east-1'] });

  it('takes the replica first; the window of the primary begins when that is gone', () => {
    expect(planned([primary, replica]).changes).toMatchObject([
      { key: replica, phase: 0, endDate: new Date('2026-12-01T10:00:00Z') },
      {
        key: primary,
        phase: 1,
        reason: 'schedule deletion: waits for its replica in us-west-2, then 7 days',
        endDate: new Date('2026-12-08T10:00:00Z'),
      },
    ]);
  });

  it('counts from the end of a replica that is pending already', () => {
    const dying = { ...replica, state: 'PendingDeletion', aliases: [], deletionDate: new Date('2026-11-27T10:00:00Z') };
    expect(planned([primary, dying]).changes).toMatchObject([{ endDate: new Date('2026-12-04T10:00:00Z') }]);
  });

  it('does not promise an end when a replica stays', () => {
    const [change] = planned([primary]).changes;
    expect(change?.endDate).toBeUndefined();
    expect(change?.reason).toBe(
      'schedule deletion: waits for its replica in us-west-2; us-west-2 stays, so it does not end',
    );
  });

  it('treats a primary without replicas as any key', () => {
    expect(planned([{ ...primary, relatives: [] }]).changes).toMatchObject([{ reason: 'schedule deletion, 7 days' }]);
  });
});
