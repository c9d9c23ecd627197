import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { runHere } from '../support/here.js';
import { onPath } from '../support/on-path.js';
import { launch, scratch } from '../support/program.js';

/** A folder with the script of a shell, and with files to complete. */
async function folder(shell: string): Promise<string> {
  const { code, stdout } = await runHere(['completion', shell]);
  expect(code).toBe(0);
  const cwd = scratch();
  writeFileSync(join(cwd, 'script'), stdout);
  writeFileSync(join(cwd, 'report.xml'), '');
  return cwd;
}

/** Ask a shell in `cwd` what may stand at the end of a line. */
type Ask = (cwd: string, line: string) => Promise<string[]>;

const bash: Ask = async (cwd, line) => {
  // Cut into words as bash does it, which takes = for one.
  const words = line.split(/(=)| /).filter((word) => word !== undefined);
  const list = words.map((word) => `'${word}'`).join(' ');
  const script = `. ./script; COMP_WORDS=(${list}); COMP_CWORD=${words.length - 1}; _kms_lab; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = await launch('bash', ['--norc', '-c', script], { cwd }).ended;
  expect(stderr).toBe('');
  return stdout.split('\n').filter(Boolean);
};

const fish: Ask = async (cwd, line) => {
  const { stdout, stderr } = await launch('fish', ['--no-config', '-c', `source script; complete -C '${line}'`], {
    cwd,
  }).ended;
  expect(stderr).toBe('');
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((each) => each.split('\t')[0] ?? '');
};

/** A real zsh at a pseudo terminal: a Tab, and what the script offers to it. The mark is spelt so that its echo is none. */
const zsh: Ask = async (cwd, line) => {
  const inner = [
    'PS1= ; autoload -Uz compinit; compinit -D -u; source ./script',
    'compadd() { local -a hits; builtin compadd -O hits "$@"; print -rl -- $hits >> ./candidates; builtin compadd "$@"; }',
    'complete-and-tell() { zle complete-word; print DONE; }; zle -N complete-and-tell; bindkey "^I" complete-and-tell',
  ];
  writeFileSync(join(cwd, 'inner'), inner.join('\n'));
  const script = `zmodload zsh/zpty; zpty child zsh -f -i; zpty -w child "source ./inner; print REA''DY"
    zpty -r -m child line '*READY*'; zpty -w -n child '${line}'$'\\t'
    zpty -r -m child line '*DONE*'; zpty -d child; cat candidates`;
  const { stdout } = await launch('zsh', ['-f', '-c', script], { cwd }).ended;
  return [...new Set(stdout.split('\n').filter(Boolean))];
};

const commands = [
  ...labs.map(({ id }) => id),
  'all',
  'list',
  'show',
  'commands',
  'actions',
  'check',
  'status',
  'cleanup',
  'cost',
  'run',
  'doctor',
  'iam',
  'serve',
  'local',
  'completion',
];

describe.each([
  ['bash', bash],
  ['zsh', zsh],
  ['fish', fish],
])('completion %s (skipped where the shell is not installed)', (shell, ask) => {
  describe.skipIf(!onPath(shell, '--version') || process.platform === 'win32')('completes', () => {
    it.each([
      ['the commands', 'kms-lab ', expect.arrayContaining(commands)],
      ['a command begun', 'kms-lab compl', ['completion']],
      ['a lab to show', 'kms-lab show sym', ['symmetric']],
      ['a lab to check', 'kms-lab check sym', ['symmetric']],
      ['a lab to clean up after', 'kms-lab cleanup --lab sym', ['symmetric']],
      ['a tool of a lab', 'kms-lab envelope enc', ['encrypt']],
      ['an option', 'kms-lab symmetric --expect', ['--expect-account']],
      ['a step', 'kms-lab rotation --until 3.1', ['3.1', '3.10']],
      ['a file', 'kms-lab symmetric --junit rep', ['report.xml']],
      ['what has a policy', 'kms-lab iam clea', ['cleanup']],
      ["the file of a lab of one's own", 'kms-lab run rep', ['report.xml']],
      ['the shells', 'kms-lab completion z', ['zsh']],
      ['a command below a command', 'kms-lab local adv', ['advance']],
      ['an option of those below', 'kms-lab local --st', ['--state']],
    ])('%s', async (_name, line, expected) => {
      expect(await ask(await folder(shell), line)).toEqual(expected);
    });

    it('nothing that the command does not take', async () => {
      expect(await ask(await folder(shell), 'kms-lab show symmetric --ju')).toEqual([]);
      expect(await ask(await folder(shell), 'kms-lab symmetric --region rep')).toEqual([]);
    });
  });
});

it('bash completes a value after =', async () => {
  expect(await bash(await folder('bash'), 'kms-lab cleanup --lab=sym')).toEqual(['symmetric']);
});

it('an unknown shell is a usage error that names those it knows', async () => {
  const { code, stdout, stderr } = await runHere(['completion', 'tcsh']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain('bash, zsh, fish');
});
