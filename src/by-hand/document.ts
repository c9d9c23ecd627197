import { monthlyUsd } from '../kms/price.js';
import { bash } from './bash.js';
import { both, introduction, regions } from './introduction.js';
import type { LabByHand, StepByHand } from './lab-by-hand.js';
import { powershell } from './powershell.js';
import type { Shell } from './shell.js';
import type { Statement } from './statement.js';

/** The shells that lines can be had for. */
export const shells = { bash, powershell } as const satisfies Readonly<Record<string, Shell>>;

/** COMMANDS.md: labs as blocks of lines in Markdown, for both shells. */
export function document(labs: readonly LabByHand[]): string {
  const contents = labs.map(({ lab }) => `- [${heading(lab)}](#${anchor(heading(lab))})`).join('\n');
  return [introduction(contents), ...labs.map(section)].join('\n');
}

/** Labs as one script for a shell. */
export function script(labs: readonly LabByHand[], shell: Shell): string {
  const { comment } = shell;
  const parts = labs.flatMap(({ lab, steps }) => [
    `${comment(heading(lab))}\n${shell.enter(lab.id)}`,
    ...steps.map(({ step, title, why, statements, instead }) =>
      [comment(`${step} ${title}`), comment(instead ?? why), ...lines(statements, shell)].join('\n'),
    ),
  ]);
  return `${[shell.setup(regions), ...parts].join('\n\n')}\n`;
}

const heading = ({ facts }: LabByHand['lab']) => `Lab ${facts.number} · ${facts.title}`;

/** How GitHub calls a heading. */
const anchor = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

function section({ lab, steps }: LabByHand): string {
  const { keys } = lab.facts;
  const made = `${keys} KMS key${keys === 1 ? '' : 's'}: $${monthlyUsd(keys).toFixed(2)} a month`;
  return [
    `## ${heading(lab)}`,
    '',
    `[The lesson](labs/${lab.id}/README.md) · leaves ${made} on AWS, until cleanup`,
    '',
    ...steps.flatMap((step, at) => stepSection(step, at === 0 ? lab.id : undefined)),
  ].join('\n');
}

/** @param enters the lab, when this step is the first thing that is done in it. */
function stepSection({ step, title, why, statements, instead }: StepByHand, enters: string | undefined): string[] {
  const head = [`### ${step} ${title}`, '', why, ''];
  if (instead !== undefined) return [...head, instead, ''];
  const block = (shell: Shell) =>
    [...(enters === undefined ? [] : [shell.enter(enters)]), ...lines(statements, shell)].join('\n');
  return [...head, both(block(bash), block(powershell)), ''];
}

const lines = (statements: readonly Statement[], shell: Shell) => statements.map((statement) => shell.say(statement));
