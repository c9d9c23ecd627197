import { describe, expect, it } from 'vitest';
import type { FoundKey } from '../../src/cleanup/find.js';
import { plan } from '../../src/cleanup/plan.js';
import { alias, ann, bob } from './account.js';

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

describe('the plan', () => {
  it('frees the alias first, then schedules deletion in 7 days', () => {
    const { removals, skips, savesMonthlyUsd } = plan([found()]);
    expect(removals[0]?.steps).toEqual([
      { do: 'delete alias', alias },
      { do: 'schedule deletion', days: 7 },
    ]);
    expect(removals[0]?.reason).toBe('schedule deletion, 7 days');
    expect(skips).toEqual([]);
    expect(savesMonthlyUsd).toBe(1);
  });

  it('schedules a key whose alias moved on', () => {
    expect(plan([found({ aliases: [] })], { days: 30 }).removals[0]?.steps).toEqual([
      { do: 'schedule deletion', days: 30 },
    ]);
  });

  it.each(['PendingDeletion', 'PendingReplicaDeletion'])('skips a key in state %s', (state) => {
    const deletionDate = new Date('2026-12-01T10:00:00Z');
    const { skips, removals, savesMonthlyUsd } = plan([found({ state, aliases: [], deletionDate })]);
    expect(removals).toEqual([]);
    expect(skips).toMatchObject([
      { why: 'already pending deletion', reason: 'already pending deletion, gone from 2026-12-01' },
    ]);
    expect(savesMonthlyUsd).toBe(0);
  });

  it('frees the alias of a key that is already pending deletion', () => {
    const { removals, savesMonthlyUsd } = plan([found({ state: 'PendingDeletion' })]);
    expect(removals[0]?.steps).toEqual([{ do: 'delete alias', alias }]);
    expect(savesMonthlyUsd).toBe(0);
  });

  it('skips a key that somebody gave an alias of their own', () => {
    expect(plan([found({ aliases: ['alias/production', alias] })]).skips).toMatchObject([
      { why: 'used by others', reason: 'bears an alias that kms-lab did not make: alias/production' },
    ]);
  });

  it('skips what belongs to another, unless everybody’s keys are wanted', () => {
    expect(plan([found()], { owner: bob }).skips).toMatchObject([
      { why: 'of another owner', reason: `belongs to ${ann}` },
    ]);
    expect(plan([found()], { owner: ann }).removals).toHaveLength(1);
    expect(plan([found()]).removals).toHaveLength(1);
  });

  it('skips what cannot be read and names what was not swept', () => {
    const error = new Error('no');
    const { skips, unswept, removals } = plan([
      { type: 'unreadable', region: 'us-east-1', keyId: 'locked', reason: 'not authorized' },
      { type: 'unswept', region: 'af-south-1', reason: 'not enabled', error },
    ]);
    expect(skips).toMatchObject([{ why: 'not readable', reason: 'not authorized' }]);
    expect(unswept).toEqual([{ region: 'af-south-1', reason: 'not enabled', error }]);
    expect(removals).toEqual([]);
  });

  it('takes replicas before primaries and says that a primary waits', () => {
    const { removals } = plan([
      found({ keyId: 'mrk-1', multiRegion: 'PRIMARY' }),
      found({ keyId: 'mrk-1', region: 'us-west-2', multiRegion: 'REPLICA' }),
    ]);
    expect(removals.map(({ key }) => key.multiRegion)).toEqual(['REPLICA', 'PRIMARY']);
    expect(removals[1]?.reason).toContain('counted from when its replicas are gone');
  });
});
