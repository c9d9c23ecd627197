import type { ClaimEvent } from '../lab/events.js';
import type { FollowUp } from './aftermath.js';
import { bill, errorsOf, keyFacts, title, totals, verdict, whereabouts } from './facts.js';
import { duration, money } from './layout.js';
import { block, code, table, text } from './markdown-text.js';
import { type LabRecord, type RunRecord, recorder, type StepRecord, whyUndone } from './record.js';
import type { Reporter } from './reporter.js';

/** A lab report to hand in, in GitHub Flavored Markdown: steps, claims, commands, what was made, what it costs. */
export const markdown = (write: (text: string) => void, next: FollowUp = {}): Reporter => ({
  on: recorder((record) => write(`${document(record, next).join('\n')}\n`)),
});

export const marks = { passed: '✔', failed: '✖', skipped: '–', 'not offered': '–' } as const;

function document(record: RunRecord, next: FollowUp): string[] {
  const { start, end, labs } = record;
  return [
    `# ${text(title(record))}`,
    '',
    `${marks[end.outcome]} **${verdict(record)}** · ${totals(record).join(' · ')}`,
    '',
    ...table(['Run', ''], whereabouts(record)),
    ...errorLines(record),
    ...labs.flatMap((lab) => labSection(lab, start.labs.length === 1)),
    '',
    '## What was made, and what it costs',
    '',
    ...made(record, next),
  ];
}

/** What ended labs or the run, and the way out of each. */
export const errorLines = (record: RunRecord): string[] =>
  errorsOf(record).flatMap(({ message, hint }) => ['', `**Error:** ${text(message)}`, '', `Hint: ${text(hint)}`]);

function labSection(lab: LabRecord, only: boolean): string[] {
  const head = only ? [] : ['', `## ${text(`Lab ${lab.number} · ${lab.title}`)}`];
  const notes = lab.notes.flatMap((note) => ['', text(note)]);
  return [...head, ...notes, ...lab.steps.flatMap((step) => stepSection(step, only ? '##' : '###'))];
}

function stepSection(step: StepRecord, level: string): string[] {
  const undone = whyUndone(step);
  const outcome = step.outcome ? `${step.outcome} · ${duration(step.durationMs)}` : 'not finished';
  return [
    '',
    `${level} ${text(`${step.step} ${step.title}`)}`,
    ...(step.why.trim() ? ['', text(step.why)] : []),
    '',
    `*${undone ? `${step.outcome}: ${undone}` : outcome}*`,
    ...list([...step.claims.flatMap(claimItem), ...step.notes.map((note) => `- ${text(note)}`)]),
    ...step.pictures.flatMap((picture) => ['', ...block(picture, 'text')]),
    ...(step.commands.length > 0 ? ['', ...block(step.commands, 'sh')] : []),
  ];
}

const list = (items: readonly string[]): string[] => (items.length > 0 ? ['', ...items] : []);

/** A claim as an item of a list; below a failed one what was expected and what came. */
export function claimItem({ claim, outcome, detail, expected, got }: ClaimEvent): string[] {
  const head = `- ${marks[outcome]} ${text(claim)}${detail ? ` (${text(detail)})` : ''}`;
  if (outcome === 'passed') return [head];
  const shown = (label: string, value: string | undefined) => (value ? [`  - ${label}: ${code(value)}`] : []);
  return [head, ...shown('expected', expected), ...shown('got', got)];
}

function made(record: RunRecord, next: FollowUp): string[] {
  const keys = keyFacts(record);
  const rows = keys.map((key) => [
    key.alias ?? '–',
    key.keyId,
    key.region,
    key.state,
    key.stays ? `${money(key.monthlyUsd)} a month` : 'nothing more',
  ]);
  const files = record.labs.flatMap(({ end }) => (end?.files ? [`Files: ${code(end.files)}`] : []));
  const { sentence, remove } = bill(record, next);
  return [
    ...(rows.length > 0 ? [...table(['Alias', 'Key', 'Region', 'State', 'Price on AWS'], rows), ''] : []),
    `${text(sentence)}${remove ? ` Remove ${keys.length === 1 ? 'it' : 'them'}:` : ''}`,
    ...(remove ? ['', ...block([remove], 'sh')] : []),
    ...files.flatMap((line) => ['', line]),
  ];
}
