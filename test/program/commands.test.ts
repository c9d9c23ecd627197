import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { run, scratch } from '../support/program.js';

describe('kms-lab commands', () => {
  it('prints a lab as a script for bash: what a shell needs once, then step by step; nothing is left behind', async () => {
    const cwd = scratch();
    const { code, stdout, stderr } = await run(['commands', 'grants', '--shell', 'bash'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('kms_lab_tags() {');
    const steps = labs.find(({ id }) => id === 'grants')?.steps.map(({ title }, at) => `# 7.${at + 1} ${title}`);
    expect(stdout.match(/^# \d+\.\d+ .*/gm)).toEqual(steps);
    expect(stdout).toMatch(/^read -r FINANCE_GRANT FINANCE_TOKEN <<< "\$\(aws kms create-grant /m);
    expect(readdirSync(cwd)).toEqual([]);
  });

  it('prints it for PowerShell', async () => {
    const { code, stdout } = await run(['commands', 'grants', '--shell', 'powershell']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^\$FINANCE_GRANT, \$FINANCE_TOKEN = \(aws kms create-grant /m);
    expect(stdout).not.toMatch(/<<<|\\$/m);
  });

  it.each([
    ['a lab that there is not', ['commands', 'nosuch'], /error: .*nosuch.*symmetric/],
    ['a shell that it does not know', ['commands', 'grants', '--shell', 'fish'], /error: .*fish.*bash/],
    [
      'a document for one shell',
      ['commands', 'grants', '--markdown', '--shell', 'bash'],
      /error: .*--markdown.*--shell/,
    ],
  ])('refuses %s', async (_what, args, complaint) => {
    const { code, stdout, stderr } = await run(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(complaint);
  });
});
