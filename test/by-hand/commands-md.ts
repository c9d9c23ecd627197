import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../src/lab/package-root.js';
import type { Outcome } from './paste.js';

export interface Section {
  /** "Lab 1 · Symmetric encryption". */
  title: string;
  /** All of it. */
  text: string;
  /** All its blocks, one after another. */
  lines: string;
}

/** COMMANDS.md in pieces, as whoever pastes from it takes them. */
export function commandsMd(language: 'bash' | 'powershell' = 'bash'): { setup: string; labs: Section[] } {
  const text = readFileSync(join(packageRoot(), 'COMMANDS.md'), 'utf8').replaceAll('\r\n', '\n');
  const [introduction = '', ...labs] = text.split(/^## (?=Lab \d)/m);
  return {
    setup: blocks(introduction, language).at(-1) ?? '',
    labs: labs.map((section) => ({
      title: section.slice(0, section.indexOf('\n')),
      text: section,
      lines: blocks(section, language).join('\n'),
    })),
  };
}

const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, block]) => block ?? '');

/** What the lines say will come of each call, in order; one that is asked until it is so is marked. */
export function expectedCalls(lines: string): { outcome: Outcome; again: boolean }[] {
  const whole = lines.replaceAll('\\\n', ' ').split('\n');
  return whole.flatMap((line) => {
    const call = /(?<!^#.*)\baws (kms|sts|cloudtrail) ([a-z-]+)/.exec(line);
    const refused = /# refused: (\w+)$/.exec(line)?.[1] ?? 'ok';
    return call ? [{ outcome: `${call[1]} ${call[2]}: ${refused}`, again: line.startsWith('until ') }] : [];
  });
}

/** How many lines are to fail. */
export const expectedFailures = (lines: string): number => lines.match(/ {2}# refused: /g)?.length ?? 0;

/** Calls without those that asked once more, at once, for what is asked until it is so. */
export function settled(calls: readonly Outcome[], expected: ReturnType<typeof expectedCalls>): Outcome[] {
  const awaited = new Set(expected.filter(({ again }) => again).map(({ outcome }) => outcome));
  return calls.filter((outcome, at) => !(awaited.has(outcome) && outcome === calls[at - 1]));
}
