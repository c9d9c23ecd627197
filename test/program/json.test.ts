import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { eventsOf, run, scratch } from '../support/program.js';
import { closedPort, keys, refusal, served } from '../support/served.js';

const types = [
  'run:start',
  'lab:start',
  'step:start',
  'call',
  'command',
  'claim',
  'note',
  'wait',
  'step:end',
  'lab:end',
];

describe('symmetric --json', () => {
  it('writes one event per line and nothing else', async () => {
    const { code, stdout, stderr } = await run(['symmetric', '--local', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = eventsOf(stdout);
    expect(stdout.endsWith('}\n')).toBe(true);
    expect(events.slice(0, -1).filter(({ type }) => !types.includes(type))).toEqual([]);
    expect(events[0]).toMatchObject({
      type: 'run:start',
      namespace: 'default',
      place: { kind: 'local', region: 'us-east-1', account: '111122223333' },
    });
    expect(events.at(-2)).toMatchObject({ type: 'lab:end', lab: 'symmetric', outcome: 'passed' });
    expect(events.at(-1)).toMatchObject({ type: 'run:end', outcome: 'passed', exitCode: 0, claims: { failed: 0 } });
    expect(events.at(-1)).not.toHaveProperty('error');
  });

  it('tells each claim with its lab, step and outcome', async () => {
    const events = eventsOf((await runHere(['symmetric', '--local', '--json'])).stdout);
    const claims = events.filter(({ type }) => type === 'claim');
    expect(claims).toHaveLength(25);
    for (const claim of claims) {
      expect(claim).toMatchObject({
        lab: 'symmetric',
        step: expect.stringMatching(/^1\.[1-8]$/),
        claim: expect.stringMatching(/\S/),
        outcome: 'passed',
      });
    }
    expect(events.at(-1)).toMatchObject({ steps: 8, claims: { passed: 25 }, calls: 19 });
  });

  it('never shows what was encrypted, only its size and digest', async () => {
    const { stdout } = await runHere(['symmetric', '--local', '--json']);
    const calls = eventsOf(stdout).filter(({ type, operation }) => type === 'call' && operation === 'Encrypt');
    expect(calls.length).toBeGreaterThan(0);
    for (const { input } of calls)
      expect(input).toMatchObject({
        Plaintext: { bytes: expect.any(Number), sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      });
    for (const line of readFileSync('labs/symmetric/plaintext-data.txt', 'utf8').split('\n').filter(Boolean))
      for (const text of [line, Buffer.from(line).toString('base64').slice(0, -4)]) expect(stdout).not.toContain(text);
  });

  it('ends by an error: the last line is still run:end, with the error', async () => {
    const { env } = await served((operation) =>
      operation === 'Encrypt' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    const { code, stdout } = await runHere(['symmetric', '--json'], { env });
    expect(code).toBe(4);
    const events = eventsOf(stdout);
    expect(events.at(-2)).toMatchObject({
      type: 'lab:end',
      outcome: 'failed',
      steps: { passed: 1, failed: 1, skipped: 6 },
    });
    expect(events.at(-1)).toMatchObject({
      type: 'run:end',
      outcome: 'failed',
      exitCode: 4,
      error: { kind: 'denied', message: '1.2 Encrypt a file: not you' },
    });
  });

  it('leaves stdout empty when it fails before the run starts', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    expect(await runHere(['symmetric', '--json', '--endpoint-url', url], { env: keys })).toMatchObject({
      code: 5,
      stdout: '',
    });
    expect(await runHere(['symmetric', '--json'])).toMatchObject({ code: 3, stdout: '' });
    expect(await runHere(['symmetric', '--json', '--local', '--region', 'mars'])).toMatchObject({
      code: 2,
      stdout: '',
    });
  });
});

describe('the other commands', () => {
  it('list --json: a lab per line', async () => {
    const { code, stdout, stderr } = await runHere(['list', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [first] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(first).toMatchObject({ lab: 'symmetric', number: 1, minutes: 10, steps: { length: 8 } });
    expect(first.steps[0]).toEqual({ step: '1.1', title: 'Create a symmetric key' });
  });

  it('show --json: one object with the lesson', async () => {
    const { code, stdout, stderr } = await runHere(['show', 'symmetric', '--json']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ lab: 'symmetric', lesson: expect.stringMatching(/^# /) });
  });

  it('cleanup --json: plan, what was done, and how it ended', async () => {
    const cwd = scratch();
    await runHere(['symmetric', '--local'], { cwd });
    const { code, stdout, stderr } = await runHere(['cleanup', '--local', '--json'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const events = eventsOf(stdout);
    expect(events.map(({ type }) => type)).toEqual([
      'cleanup:start',
      'cleanup:account',
      'cleanup:remove',
      'cleanup:plan',
      'cleanup:removed',
      'cleanup:end',
    ]);
    expect(events[2]).toMatchObject({ lab: 'symmetric', aliases: ['alias/kms-lab-symmetric-key'] });
    expect(events.at(-1)).toMatchObject({ outcome: 'passed', keys: 1, files: { length: 8 } });
  });
});
