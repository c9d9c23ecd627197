import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { actionFacts } from '../../src/cli/action-facts.js';
import { build } from '../../src/cli/program.js';
import { packageRoot } from '../../src/lab/package-root.js';

const read = (id: string) => readFileSync(join(packageRoot(), 'labs', id, 'README.md'), 'utf8').split(/\r?\n/);

/** What stands in a block of its own: a picture, or commands, each on one line again. */
const blocksOf = (lines: readonly string[]) => lines.filter((line) => /^ {4}/.test(line)).map((line) => line.trim());
const commandsOf = (lines: readonly string[]) =>
  blocksOf(lines)
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    // A remark stands two blanks to the right of its command.
    .map((line) => line.split(/ {2,}(?!-)/)[0] ?? '');

/** `kms-lab audit --wait 30m`, in a block or in a sentence, without a word before it. */
const ours = (lines: readonly string[]) => [
  ...commandsOf(lines).flatMap((line) => /^(?:npx )?(kms-lab .+)$/.exec(line)?.[1] ?? []),
  ...[...lines.join(' ').matchAll(/`(?:npx )?(kms-lab [^`]+)`/g)].map(([, line = '']) => line),
];

/** What the program does not know of a command line: a command, or an option of it. */
function unknownIn(line: string): string[] {
  let command: Command = build({ code: 0 });
  const unknown: string[] = [];
  for (const word of line.split(/\s+/).slice(1)) {
    if (/^--?[a-z]/.test(word)) {
      if (!command.options.some(({ long, short }) => word === long || word === short)) unknown.push(word);
    } else {
      const next = command.commands.find((each) => each.name() === word);
      if (next) command = next;
      else if (!command.parent) unknown.push(word);
    }
  }
  return unknown;
}

describe.each(labs.map((lab) => [lab.id, lab] as const))('the lesson of %s', (id, lab) => {
  const lines = read(id);

  it('is read on 80 columns; tables and addresses alone are wider', () => {
    expect(lines.filter((line) => line.length > 80 && !/^\||<https:|\]\(/.test(line))).toEqual([]);
  });

  it('is headed as the lab is, and has a word on each of its steps', () => {
    expect(lines[0]).toBe(`# Lab ${lab.facts.number}: ${lab.facts.title}`);
    const headings = lines.filter((line) => line.startsWith('### ')).join('\n');
    const missing = lab.stepIds.filter((step) => !headings.match(`\\b${step}\\b`));
    expect(missing).toEqual([]);
  });

  it('names commands and options of kms-lab that there are', () => {
    const found = ours(lines);
    expect(found).toContain(`kms-lab ${id} --local`);
    expect(found.flatMap((line) => unknownIn(line).map((word) => `${word} in: ${line}`))).toEqual([]);
  });

  it('names operations of KMS that there are', () => {
    const operations = Object.keys(actionFacts).map((name) => name.replace(/(?!^)([A-Z])/g, '-$1').toLowerCase());
    const named = [...lines.join('\n').matchAll(/\baws kms ([a-z-]+)/g)].map(([, operation]) => operation);
    expect(operations).toEqual(expect.arrayContaining(named));
  });
});

it('a lesson that names what there is not would be found out', () => {
  expect(unknownIn('kms-lab symetric --local')).toEqual(['symetric', '--local']);
  expect(unknownIn('kms-lab audit --wait 30m --resum')).toEqual(['--resum']);
  expect(unknownIn('kms-lab envelope encrypt notes.txt --context project=x')).toEqual([]);
});
