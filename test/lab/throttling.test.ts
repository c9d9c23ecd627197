import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { VirtualTime } from '../cleanup/virtual-time.js';
import { openRoom, type Room } from './room.js';

const runs = 40;

describe(`${runs} runs of lab 1 at once, in ${runs} namespaces, under AWS's quotas`, () => {
  let room: Room;
  let time: VirtualTime;
  beforeEach(async () => {
    time = new VirtualTime(Date.now());
    room = await openRoom({ now: time.now });
    room.emulator.conditions.quotas();
  });
  afterEach(() => room.close());

  /** Each runs in a folder of its own, as learners do; time stands still while KMS answers. */
  const run = (namespace: string) => {
    const cwd = join(room.cwd, namespace);
    mkdirSync(cwd);
    return room.run(symmetric, { namespace, cwd, time, between: ({ pass }) => time.during(pass) });
  };
  const class40 = () => Promise.all(Array.from({ length: runs }, (_, at) => run(`student-${at}`)));

  it('are all proven: throttling is waited out, and shown as waiting', async () => {
    const started = time.now();
    const told = await class40();
    expect(told.map(({ error }) => error).filter(Boolean)).toEqual([]);
    expect(told.map(({ end }) => end.outcome)).toEqual(Array(runs).fill('passed'));
    // CreateKey is answered five times a second, and five at once at first: the quota was met, and made them wait.
    expect(time.now() - started).toBeGreaterThan(((runs - 5) / 5) * 1000);
    const waits = told.flatMap((each) => each.of('wait').map(({ what }) => what));
    expect(waits).toContain('us-east-1: KMS throttles CreateKey');
    expect(waits.filter((what) => !what.startsWith('us-east-1: KMS throttles '))).toEqual([]);
    const { Keys = [] } = await room.kms.listKeys({ Limit: 1000 });
    expect(Keys).toHaveLength(runs);
  });

  it('end after a minute of it, with the step and what KMS said, and nothing was made', async () => {
    room.emulator.conditions.quotas({ perSecond: { CreateKey: 0 } });
    await room.kms.createKey({}); // the one request that fits in
    const started = time.now();
    const told = await run('student-1');
    expect(told.error).toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^1\.1 Create a symmetric key: You have exceeded the rate/),
    });
    expect(time.now() - started).toBeGreaterThanOrEqual(60_000);
    expect(time.now() - started).toBeLessThan(65_000);
    expect((await room.kms.listKeys({})).Keys).toHaveLength(1);
  });

  it('a quota of keys that is reached is no matter of waiting', async () => {
    room.emulator.conditions.quotas({ keys: 0 });
    const { error, of } = await run('student-1');
    expect(error).toMatchObject({ kind: 'quota' });
    expect([of('wait'), room.asked.filter((operation) => operation === 'CreateKey')]).toEqual([[], ['CreateKey']]);
  });
});
