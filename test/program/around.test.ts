import { describe, expect, it, vi } from 'vitest';
import { labs } from '../../labs/index.js';
import { tellCost } from '../../src/cli/costing.js';
import { prices } from '../../src/kms/price.js';
import { labKey, stateOf } from '../cleanup/lab-keys.js';
import { runHere } from '../support/here.js';
import { eventsOf, run, scratch } from '../support/program.js';
import { served } from '../support/served.js';

const inOneLine = (text: string) => text.replace(/\s+/g, ' ');

describe('cleanup and --undo', () => {
  it('plan first, ask or need --yes, and say what cannot be taken back', async () => {
    const there = await served();
    const [cwd, { env }] = [scratch(), there];
    const key = await labKey(there, { tags: { 'kms-lab:alias': 'alias/kms-lab-mine' } });
    const at = ['--region', 'us-east-1'];

    const dry = await runHere(['cleanup', '--dry-run', ...at], { cwd, env });
    expect([dry.code, dry.stderr]).toEqual([0, '']);
    expect(inOneLine(dry.stdout)).toMatch(/ schedule deletion, 7 days → gone from 20\d\d-\d\d-\d\d /);
    expect(dry.stdout).toContain('alias/kms-lab-mine · run 20261124-0102-abcdef · Enabled');
    expect(dry.stdout).toContain('1 key, 1 alias · saves $1.00 a month');
    expect(dry.stdout).toMatch(/\nA dry run: nothing was changed\.\n$/);

    const unasked = await runHere(['cleanup', ...at], { cwd, env });
    expect(unasked.code).toBe(2);
    expect(unasked.stderr).toBe(
      'kms-lab: error: cleanup needs a confirmation: nothing was done\nkms-lab: hint: add --yes, or --dry-run to see the plan\n',
    );
    expect(await stateOf(there, key)).toBe('Enabled alias/kms-lab-mine');

    const done = await runHere(['cleanup', '--yes', ...at], { cwd, env });
    expect(done.stdout).toMatch(/\n✔ clean {2}1 key scheduled for deletion, gone from 20\d\d-\d\d-\d\d · /);
    expect(await stateOf(there, key)).toBe('PendingDeletion');

    const undone = await runHere(['cleanup', '--undo', '--yes', ...at], { cwd, env });
    expect([undone.code, undone.stderr]).toEqual([0, '']);
    expect(undone.stdout).toContain('1 key, 1 alias · costs $1.00 a month again');
    expect(inOneLine(undone.stdout)).toContain(
      'AWS bills the waiting time of these keys after all, from the day they were scheduled. Local files do not return.',
    );
    expect(undone.stdout).toMatch(/\n✔ given back {2}1 key enabled · /);
    expect(await stateOf(there, key)).toBe('Enabled alias/kms-lab-mine');
  });
});

describe('doctor --json', () => {
  it('has a line for each thing, with what to do where it is not well, and changes nothing', async () => {
    const there = await served();
    const { code, stdout } = await run(['doctor', '--json'], { env: { ...there.env, PATH: '' } });
    const events = eventsOf(stdout);
    expect(code).toBe(0);
    expect(events.map(({ check }) => check)).toEqual([
      ...['Node.js', 'credentials', 'region', 'identity', 'clock', 'keys', 'permissions', 'AWS CLI', 'openssl'],
      undefined,
    ]);
    for (const { outcome, advice } of events.slice(0, -1))
      expect(typeof advice).toBe(outcome === 'passed' ? 'undefined' : 'string');
    expect(events.at(-1)).toMatchObject({ type: 'doctor:end', outcome: 'passed', exitCode: 0, failed: 0 });
    expect(there.asked.filter((operation) => !/^(?:sts|List|Describe)/.test(operation))).toEqual([]);
  });

  it('exits as what failed would: no credentials is 3, and what needs them is not tested', async () => {
    const { code, stdout } = await runHere(['doctor', '--json'], { env: { AWS_REGION: 'us-east-1' } });
    expect(code).toBe(3);
    const said = Object.fromEntries(eventsOf(stdout).map(({ check, outcome }) => [check, outcome]));
    expect(said).toMatchObject({ credentials: 'failed', identity: 'warning', permissions: 'warning' });
  });
});

describe('cost', () => {
  function told(lab: string | undefined, json: boolean): string {
    let text = '';
    const write = vi.spyOn(process.stdout, 'write').mockImplementation((more) => {
      text += more;
      return true;
    });
    try {
      tellCost(lab, { json, color: false });
    } finally {
      write.mockRestore();
    }
    return text;
  }

  it('of each lab and in total, by the hour, day and month, with the source of the prices', () => {
    const keys = labs.reduce((sum, { facts }) => sum + facts.keys, 0);
    const events = eventsOf(told(undefined, true));
    expect(events.slice(0, labs.length)).toMatchObject(
      labs.map(({ id, facts }) => ({ type: 'cost:lab', lab: id, keys: facts.keys, monthlyUsd: facts.keys })),
    );
    const total = {
      keys,
      monthlyUsd: keys,
      dailyUsd: expect.closeTo(keys / 30),
      hourlyUsd: expect.closeTo(keys / 720),
    };
    expect(events.slice(labs.length)).toMatchObject([
      { type: 'cost:total', ...total },
      { type: 'cost:prices', currency: 'USD', read: prices.read, source: prices.source, rotationPerMonth: 1 },
    ]);
  });

  it('of one lab, for people', () => {
    const text = told('multi-region', false);
    expect(text).toMatch(/LAB +KEYS +AN HOUR +A DAY +A MONTH\n +multi-region +2 +\$0\.0028 +\$0\.0667 +\$2\.00\n/);
    expect(text).not.toContain('symmetric  ');
    expect(text).toContain(`Read on ${prices.read}`);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });
});
