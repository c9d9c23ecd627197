import { describe, expect, it } from 'vitest';
import { inParallel } from '../../src/cleanup/in-parallel.js';
import { secondsFor } from '../../src/cleanup/prepare.js';
import { bigAccount, regions } from './big-account.js';

/** `npm run test:scale` has ten times as many. */
const keys = Number(process.env.SCALE_KEYS ?? 1000);
const ours = keys / 10;
const here = keys / regions.length;

describe(`an account with ${keys} keys in four Regions, every tenth a lab's, AWS's quotas, answers after 40 ms`, () => {
  it('is cleaned at half of the quotas, in at most 1.15 of the time which that dictates', async () => {
    const account = await bigAccount(keys);
    const { prepared, result, found, applied } = await account.clean();
    expect(prepared.sweep.counts).toMatchObject({ keys, foreign: keys - ours });
    expect([result.done.length, result.kept, result.failed]).toEqual([ours, [], []]);
    expect(account.throttled).toBe(0);
    // Per Region: ListResourceTags at 1,000 a second, beside it ListKeyRotations of ours at 50; then DeleteAlias and
    // ScheduleKeyDeletion at 7.5 side by side.
    const [looking, deleting] = [Math.max(here / 1000, here / 10 / 50), here / 10 / 7.5];
    expect(secondsFor(prepared)).toBeCloseTo(deleting, 5);
    expect(applied).toBeGreaterThan(0.9 * deleting); // the other half is left to others
    expect(found + applied).toBeLessThan(1.15 * (looking + deleting));
    // One look at the tags of each key, and five more calls to read for each of ours: nothing is asked twice.
    expect(Object.fromEntries(account.calls)).toMatchObject({
      ListResourceTags: keys,
      DescribeKey: 2 * ours,
      ListAliases: 3 * ours,
      ListKeyRotations: ours,
      DeleteAlias: ours,
      ScheduleKeyDeletion: ours,
    });
    await account.close();
  });
});

describe('an account in which others work too', () => {
  it('--rate 1 takes half the time', async () => {
    const account = await bigAccount(400);
    const { result, applied } = await account.clean(1);
    expect(result.done).toHaveLength(40);
    expect(applied).toBeLessThan(1.15 * (10 / 15) + 0.5);
    await account.close();
  });

  it('throttling is waited out, and shown as waiting: everything is done, later', async () => {
    const account = await bigAccount(400);
    account.on.emulator.conditions.quotas({ perSecond: { ScheduleKeyDeletion: 3 } });
    const { result, applied } = await account.clean();
    expect(account.throttled).toBeGreaterThan(0);
    expect([result.done.length, result.failed]).toEqual([40, []]);
    expect(applied).toBeLessThan(4 * (10 / 3));
    expect([...account.waits].sort()).toEqual(regions.map((at) => `${at}: KMS throttles ScheduleKeyDeletion`).sort());
    await account.close();
  });
});

describe('work on many things', () => {
  it('takes no more of them than there is room for', async () => {
    let [taken, ended, most] = [0, 0, 0];
    function* endless() {
      while (taken < 5000) yield ++taken;
    }
    await inParallel(endless(), 50, async () => {
      most = Math.max(most, taken - ended);
      await new Promise((resolve) => setImmediate(resolve));
      ended++;
    });
    expect([ended, most]).toEqual([5000, 50]);
  });

  it('takes no more after a failure, lets the others end, and throws it', async () => {
    const ended: number[] = [];
    const work = inParallel([1, 2, 3, 4, 5], 2, async (n) => {
      await Promise.resolve();
      if (n === 2) throw new Error('two');
      ended.push(n);
    });
    await expect(work).rejects.toThrow('two');
    expect(ended).toEqual([1, 3]);
  });
});
