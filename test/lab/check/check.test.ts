import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { labs } from '../../../labs/index.js';
import { mistakes } from './mistakes.js';
import { type Checked, check, filesIn, type RanRoom, ranRoom } from './scene.js';

/** What a check may ask: operations that read, and those of cryptography that only look. */
const reading = /^(Decrypt|DescribeKey|Get\w+|List\w+|Verify\w*)$/;

/** A lab may say nothing of how it is graded. */
const graded = labs.filter(({ checks }) => Object.keys(checks).length > 0);

describe.each(graded)('check $id', (lab) => {
  let ran: RanRoom;
  beforeAll(async () => {
    ran = await ranRoom(lab);
  });
  afterAll(() => ran.close());

  it('passes what a run of the lab has left, changes nothing, and tells no plaintext', async () => {
    const before = await filesIn(ran.scene.cwd);
    const checked = await check(ran.scene);
    expect(checked.fails).toEqual([]);
    expect([checked.outcome, checked.steps('waiting'), checked.error]).toEqual(['passed', [], undefined]);
    expect(checked.steps('done').length).toBeGreaterThan(0);
    expect(await filesIn(ran.scene.cwd)).toEqual(before);
    for (const { operation, input } of checked.asked)
      if (!reading.test(operation)) expect({ operation, dryRun: input.DryRun }).toEqual({ operation, dryRun: true });
    expect(JSON.stringify(checked.events)).not.toMatch(/Plaintext|BEGIN|line 0:/);
  });

  it('grades every step, or says why not', async () => {
    const { events } = await check(ran.scene);
    for (const event of events.filter((one) => one.type === 'check:step')) {
      expect({ step: event.step, graded: event.findings.length > 0 || (event.reason ?? '').length > 10 }).toEqual({
        step: event.step,
        graded: true,
      });
    }
  });

  it('finds nothing where nothing was done, and says so once: the steps after it wait', async () => {
    const checked = await check(ran.scene, { namespace: 'nobody' });
    expect(checked.outcome).toBe('failed');
    expect(checked.fails.join('\n')).toMatch(/alias\/kms-lab-nobody-\S+ leads to a key \(make the key, then: aws kms/);
    expect(checked.fails.filter((line) => !/leads to a key|is there|byte for byte/.test(line))).toEqual([]);
  });

  it.each(mistakes[lab.id] ?? [])('$what', async ({ spoil, fails }) => {
    const checked = await check(await ran.spoilt(spoil));
    expect(checked.outcome).toBe('failed');
    expect(byStep(checked)).toEqual(
      Object.fromEntries(Object.entries(fails).map(([step, said]) => [step, expect.stringMatching(said)])),
    );
  });
});

/** What is missing, by step. */
function byStep({ fails }: Checked): Record<string, string> {
  const steps: Record<string, string> = {};
  for (const fail of fails) {
    const [step = ''] = fail.split(' ');
    steps[step] = `${steps[step] ?? ''}${fail.slice(step.length + 1)}\n`;
  }
  return steps;
}

it('has mistakes to find in each lab that is graded', () => {
  expect(graded.length).toBeGreaterThan(8);
  expect(Object.keys(mistakes)).toEqual(graded.map(({ id }) => id));
});
