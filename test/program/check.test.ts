import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { eventsOf, run, scratch, start } from '../support/program.js';
import { closedPort, served } from '../support/served.js';

const plaintext = readFileSync('labs/symmetric/plaintext-data.txt', 'utf8');

describe('kms-lab check', () => {
  it('passes with 0 what a run has left, and tells no plaintext', async () => {
    const cwd = scratch();
    await runHere(['symmetric', '--local', '--namespace', 'ann'], { cwd });
    const { code, stdout, stderr } = await run(['check', 'symmetric', '--local', '--namespace', 'ann'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      /^Check · Lab 1 · Symmetric encryption +embedded KMS\naccount 111122223333 · us-east-1 · as /,
    );
    expect(stdout).not.toMatch(/^FAIL/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(/^✔ done {2}8 of 8 steps · \d/);
    for (const line of plaintext.split('\n').filter(Boolean)) expect(stdout).not.toContain(line);
  });

  it('fails with 1 and a line on stdout for each missing thing, which a lab platform reads', async () => {
    const cwd = scratch();
    await runHere(['symmetric', '--local'], { cwd });
    for (const name of ['encrypted-data.bin', 'tampered-data.bin']) rmSync(join(cwd, 'kms-lab-files/symmetric', name));
    const { code, stdout, stderr } = await runHere(['check', 'symmetric', '--local', '--quiet'], { cwd });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.replace(/\d+\.\d+ s/, '0.10 s')).toMatchInlineSnapshot(`
      "FAIL: 1.2 not yet: kms-lab-files/symmetric/encrypted-data.bin is there (do this step, and save what it gives under that name)
      FAIL: 1.6 not yet: kms-lab-files/symmetric/tampered-data.bin is there (copy encrypted-data.bin and flip one bit of its last byte)
      ✖ not done  6 of 8 steps · 2 with something missing · 0.10 s
      "
    `);
  });

  it('finds the files also from the folder that the lines of COMMANDS.md lead to', async () => {
    const cwd = scratch();
    const there = ['symmetric', '--local', '--state', join(cwd, 'state'), '--quiet'];
    await runHere(there, { cwd });
    const { code, stdout } = await runHere(['check', ...there], { cwd: join(cwd, 'kms-lab-files/symmetric') });
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^✔ done/) });
  });

  it('--json tells each step with its grade and findings, and nothing else on stdout', async () => {
    const { code, stdout } = await runHere(['check', 'all', '--local', '--json']);
    const events = eventsOf(stdout);
    expect(code).toBe(1);
    expect(events[0]).toMatchObject({ type: 'check:start', labs: { length: 9 } });
    expect(events).toContainEqual({
      type: 'check:step',
      lab: 'symmetric',
      step: '1.2',
      title: 'Encrypt a file',
      grade: 'waiting',
      findings: [],
      reason: 'alias/kms-lab-symmetric-key leads to no key',
    });
    expect(events.at(-1)).toMatchObject({ type: 'check:end', outcome: 'failed', exitCode: 1, steps: { done: 0 } });
  });

  it('fails with 1 and says why where nobody answers: a script knows no more than pass or fail', async () => {
    const env = { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
    const url = `http://127.0.0.1:${await closedPort()}`;
    const { code, stdout, stderr } = await runHere(['check', 'symmetric', '--endpoint-url', url], { env });
    expect(code).toBe(1);
    expect(stdout).toMatch(/^FAIL: cannot reach http:\/\/127.0.0.1:\d+: .+\n\n✖ not done/);
    expect(stderr).toMatch(/^kms-lab: error: .+\nkms-lab: hint: .+\n$/);
  });

  it.each(['sts', 'DescribeKey'])('Ctrl-C ends it at once, also in a call that nobody answers: %s', async (silent) => {
    let asked = () => {};
    const hanging = new Promise<void>((resolve) => (asked = resolve));
    const { env } = await served((operation) => {
      if (operation !== silent) return undefined;
      asked();
      return new Promise(() => {});
    });
    const { child, ended } = start(['check', 'symmetric'], { env });
    await hanging;
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: process.platform === 'win32' ? null : 130 });
  });

  it('looks into no other account than was expected: exit 2', async () => {
    const { code, stdout } = await runHere(['check', 'symmetric', '--local', '--expect-account', '999999999999']);
    expect(code).toBe(2);
    expect(stdout).toMatch(/^FAIL: this is account 111122223333, not the expected 999999999999/);
  });

  it('names the labs where it is asked for another', async () => {
    const { code, stdout, stderr } = await runHere(['check', 'asymetric', '--local']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('asymmetric');
  });
});
