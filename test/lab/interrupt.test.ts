import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { LabError } from '../../src/errors.js';
import { Lab } from '../../src/lab/define.js';
import { at, openRoom, type Room } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 0, teaches: [] };
const all = symmetric.stepIds;

describe('a run that is interrupted', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it.each([
    ['Ctrl-C', undefined, 'interrupted'],
    ['SIGTERM', new LabError('terminated', 'terminated'), 'terminated'],
  ])('by %s ends after the call in flight', async (_what, reason, kind) => {
    const stop = new AbortController();
    const told = await room.run(symmetric, {
      signal: stop.signal,
      between: at('Encrypt', 1, async ({ pass }) => {
        stop.abort(reason);
        return await pass();
      }),
    });
    expect(told.error).toMatchObject({ kind, message: expect.stringContaining('1.2 Encrypt a file') });
    expect(room.asked.filter((operation) => operation === 'Encrypt')).toHaveLength(1);
    expect(room.asked.at(-1)).toBe('Encrypt');
    expect(
      told
        .of('call')
        .filter(({ outcome }) => outcome === 'ok')
        .at(-1),
    ).toMatchObject({ operation: 'Encrypt' });
    expect(told.steps('skipped')).toEqual(all.slice(2));
  });

  it('in the last call of a step starts no further step, one without calls neither', async () => {
    const stop = new AbortController();
    const told = await room.run(symmetric, {
      signal: stop.signal,
      between: at('Decrypt', 1, async ({ pass }) => {
        stop.abort();
        return await pass();
      }),
    });
    expect(told.error).toMatchObject({ kind: 'interrupted' });
    expect([told.steps('passed'), told.steps('skipped')]).toEqual([['1.1', '1.2', '1.3'], all.slice(3)]);
  });

  it('in the very last call is heard, though every claim held', async () => {
    const stop = new AbortController();
    const lab = Lab.define('short', facts).step('Only', 'why', async ({ kms, verify }) => {
      await kms.listKeys({});
      verify.equal('here', 1, 1);
    });
    const between = at('ListKeys', 1, async ({ pass }) => {
      stop.abort();
      return await pass();
    });
    const told = await room.run(lab, { signal: stop.signal, between });
    expect(told.error).toMatchObject({ kind: 'interrupted' });
    expect([told.steps('passed'), told.end.outcome]).toEqual([['9.1'], 'failed']);
  });
});
