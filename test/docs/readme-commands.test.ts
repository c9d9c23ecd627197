import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runHere } from '../support/here.js';
import { scratch, start } from '../support/program.js';
import { served } from '../support/served.js';
import { blockIn, commandsIn } from './commands.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const readme = join(root, 'README.md');

/** What each command of README is to say, in an order in which each finds what it needs. Those of `aws` meet a served KMS. */
const embedded: Readonly<Record<string, RegExp>> = {
  'kms-lab list': /^1 {2}symmetric /,
  'kms-lab show symmetric': /Symmetric encryption/,
  'kms-lab actions': /ReEncrypt/,
  'kms-lab commands symmetric': /aws kms create-key/,
  'kms-lab symmetric --local': /^✔ proven {2}8 steps/m,
  'kms-lab symmetric --local --html report.html': /^✔ proven/m,
  'kms-lab doctor --local': /^✔ ready/m,
  'kms-lab troubleshooting --local': /^✔ proven/m,
  'kms-lab run ./my-lab.js --local': /^✔ proven {2}2 steps · 3 claims/m,
  'kms-lab local status': /keys/,
  'kms-lab local why': /^Refused: kms:/,
  'kms-lab local advance 365d': /./,
  'kms-lab local reset': /./,
  'kms-lab --help': /^Usage: kms-lab/,
};

const aws: Readonly<Record<string, RegExp>> = {
  'kms-lab doctor': /^✔ ready/m,
  'kms-lab symmetric': /^✔ proven/m,
  'kms-lab check symmetric': /^1\.8 .*\n +✔ /m,
  'kms-lab status': /^1 key /m,
  'kms-lab status --everyone': /^1 key /m,
  'kms-lab cleanup --dry-run': /nothing was changed/,
  'kms-lab cleanup --everyone --dry-run': /nothing was changed/,
  'kms-lab cleanup': /^✔ clean {2}1 key/m,
  'kms-lab cleanup --undo': /1 key/,
};

/** Where a person is asked and nobody can be. */
const asks = new Set([
  'kms-lab cleanup',
  'kms-lab cleanup --undo',
  'kms-lab local advance 365d',
  'kms-lab local reset',
]);

/** Names of commands that have others below them, what runs until it is stopped, and what other specs run. */
const others = [
  'kms-lab local',
  'kms-lab iam',
  'kms-lab serve',
  // test/program/all.test.ts, check.test.ts and guided.test.ts
  'kms-lab all',
  'kms-lab all --local',
  'kms-lab check',
  'kms-lab check all',
  'kms-lab symmetric --local --guided',
];

/** README's lab, in a folder in which kms-lab is installed. */
function ownLab(folder: string): void {
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module' }));
  writeFileSync(join(folder, 'my-lab.js'), blockIn(readme, 'ts'));
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(root, join(folder, 'node_modules', 'kms-lab'), 'junction');
}

const words = (command: string) => [...command.split(' ').slice(1), ...(asks.has(command) ? ['--yes'] : [])];

describe('each command of README', () => {
  it('is run here', () => {
    // test/program/iam.test.ts pastes the blocks of Permissions into a shell.
    expect(commandsIn(readme, { but: 'Permissions' }).sort()).toEqual(
      [...Object.keys(embedded), ...Object.keys(aws), ...others].sort(),
    );
  });

  it('does on the embedded KMS what README says', async () => {
    const cwd = scratch();
    ownLab(cwd);
    for (const [command, says] of Object.entries(embedded)) {
      const { code, stdout, stderr } = await runHere(words(command), { cwd });
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      expect(stdout, command).toMatch(says);
    }
    expect(readFileSync(join(cwd, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/);
  });

  it('does where credentials are found what README says', async () => {
    const { env } = await served();
    const cwd = scratch();
    for (const [command, says] of Object.entries(aws)) {
      const { code, stdout, stderr } = await runHere(words(command), { cwd, env });
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' });
      expect(stdout, command).toMatch(says);
    }
  });

  it('serves, and names what is below `local`', async () => {
    const server = start(['serve', '--port', '0']);
    onTestFinished(() => void server.child.kill('SIGKILL'));
    await server.says('stdout', 'http://127.0.0.1:');
    expect(await runHere(['local'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('kms-lab local --help'),
    });
  });
});
