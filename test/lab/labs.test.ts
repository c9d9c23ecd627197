import { afterEach, describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { openRoom, type Room, type Told } from './room.js';

describe.each(labs)('$id on the embedded KMS', (lab) => {
  const rooms: Room[] = [];
  const room = async (embedded?: Parameters<typeof openRoom>[0]) => {
    const opened = await openRoom(embedded);
    rooms.push(opened);
    return opened;
  };
  afterEach(async () => {
    for (const opened of rooms.splice(0)) await opened.close();
  });

  /** Nothing failed, and nothing was left out. */
  const expectProven = (told: Told) => {
    expect(told.error).toBeUndefined();
    expect(told.of('claim').filter(({ outcome }) => outcome === 'failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { failed: 0, skipped: 0, notOffered: 0 } });
    expect(told.end.steps.passed).toBe(lab.steps.length);
  };

  it('is proven, every step is offered, and as many keys exist as it says; then again on what is there', async () => {
    const { run } = await room();
    const first = await run(lab, { simulated: true });
    expectProven(first);
    expect(first.end.keys.filter(({ made }) => made)).toHaveLength(lab.facts.keys);
    // What it prints for the AWS CLI leads to its own target.
    for (const { line } of first.of('command').filter(({ line }) => /\baws [a-z]+ /.test(line)))
      expect(line).toContain('--endpoint-url http://127.0.0.1:4599');
    // Guided, where each call waits for a person: nothing in a lab minds, and what is shown leads there as well.
    const shown: string[] = [];
    const call = async (line: string) => {
      shown.push(line);
      return 'go' as const;
    };
    expectProven(await run(lab, { simulated: true, guide: { step: async () => 'go', call } }));
    expect(shown.length).toBeGreaterThan(2);
    for (const line of shown) expect(line).toMatch(/^[^#].*--endpoint-url http:\/\/127\.0\.0\.1:4599$/);
  });

  it('is proven where KMS takes its time to know a change', async () => {
    const told = await (await room({ simulate: 'eventual-consistency=3000' })).run(lab, { simulated: true });
    expectProven(told);
    if (lab.facts.keys > 0) expect(told.of('wait')).not.toEqual([]);
  });
});
