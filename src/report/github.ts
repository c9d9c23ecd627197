import { visible } from './clean.js';
import { bill, errorsOf, proven, title, totals, verdict } from './facts.js';
import { duration } from './layout.js';
import { claimItem, errorLines, marks } from './markdown.js';
import { table, text } from './markdown-text.js';
import { failedClaims, type RunRecord, recorder, type StepRecord } from './record.js';
import type { Reporter } from './reporter.js';

/** GitHub shows at most this many errors of a step (https://docs.github.com/actions/reference/limits). */
const shown = 10;

/** An error in the workflow's run, a line each, for failed claims and for what ended the run. The runner reads it from stderr as well. */
export const annotations = (write: (text: string) => void): Reporter => ({
  on: recorder((record) => {
    const all = problems(record);
    const rest = all.length - (shown - 1);
    const told =
      rest > 1 ? [...all.slice(0, shown - 1), { title: 'kms-lab', message: `${rest} more: see the log` }] : all;
    write(told.map(({ title, message }) => `::error title=${property(title)}::${data(message)}\n`).join(''));
  }),
});

function problems(record: RunRecord): { title: string; message: string }[] {
  const claims = record.labs.flatMap(({ steps }) =>
    steps.flatMap((step) =>
      failedClaims(step).map(({ claim, expected, got }) => ({
        title: `${step.step} ${step.title}`,
        message: `${claim}\nexpected  ${expected ?? ''}\ngot       ${got ?? ''}`,
      })),
    ),
  );
  const errors = errorsOf(record).map(({ message, hint }) => ({ title: 'kms-lab', message: `${message}\n${hint}` }));
  return [...claims, ...errors];
}

/** https://github.com/actions/toolkit/blob/main/docs/commands.md: what the runner decodes again. */
const encode = (value: string, characters: RegExp) =>
  value.replace(characters, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`);
const shownLines = (value: string) => value.split('\n').map(visible).join('\n');
const data = (value: string) => encode(shownLines(value), /[%\r\n]/g);
const property = (value: string) => encode(shownLines(value), /[%\r\n:,]/g);

/** A short summary of a run for the page of a workflow's run, in Markdown. */
export const stepSummary = (write: (text: string) => void): Reporter => ({
  on: recorder((record) => write(`${summary(record).join('\n')}\n\n`)),
});

function summary(record: RunRecord): string[] {
  const { start, end, labs } = record;
  const { label, region } = start.place;
  const rows = labs.map((lab) => [
    `${lab.number} ${lab.title}`,
    lab.end
      ? `${marks[lab.end.outcome]} ${lab.end.outcome === 'passed' ? proven([lab.end]) : 'not proven'}`
      : 'not finished',
    String(lab.steps.filter(({ outcome }) => outcome === 'passed').length),
    `${lab.end?.claims.passed ?? 0}${lab.end?.claims.failed ? `, ${lab.end.claims.failed} failed` : ''}`,
    duration(lab.end?.durationMs ?? 0),
  ]);
  return [
    `### ${marks[end.outcome]} ${text(title(record))}: ${verdict(record)}`,
    '',
    text([`${label}, ${region}`, ...totals(record), duration(end.durationMs)].join(' · ')),
    ...(rows.length > 0 ? ['', ...table(['Lab', 'Outcome', 'Steps', 'Claims', 'Time'], rows)] : []),
    ...labs.flatMap(({ steps }) => steps.flatMap(failedStep)),
    ...errorLines(record),
    '',
    text(bill(record, {}).sentence),
  ];
}

function failedStep(step: StepRecord): string[] {
  const claims = failedClaims(step);
  return claims.length === 0 ? [] : ['', `**${text(`${step.step} ${step.title}`)}**`, '', ...claims.flatMap(claimItem)];
}
