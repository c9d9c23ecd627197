import type { AccountSwept, StatusEnd, StatusEvent, StatusKey, StatusStart } from '../cleanup/events.js';
import { age, dayOf, many, nameOf } from './age.js';
import { accountLines, staying } from './cleanup-plan.js';
import { flow, hang, money, tableRows, usable } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/** What exists, for people: a table for each account, and the sum. */
export function statusScreen(screen: Screen, quiet: boolean): { on(event: StatusEvent): void } {
  const ink = inkFor(screen);
  const limit = usable(screen.columns);
  const print = (lines: readonly string[]) => screen.write(lines.map((line) => `${line}\n`).join(''));
  let start: StatusStart | undefined;
  let account: AccountSwept | undefined;
  let rows: StatusKey[] = [];
  const accountEnd = () => {
    if (start && account && !quiet) print([...accountBlock(start, account, rows, ink, limit), '']);
    account = undefined;
    rows = [];
  };
  const on = (event: StatusEvent) => {
    if (event.type === 'status:key') {
      rows.push(event);
      return;
    }
    accountEnd();
    if (event.type === 'status:start') start = event;
    else if (event.type === 'cleanup:account') account = event;
    else if (event.type === 'status:end') print(sumLines(event, start, ink, limit));
    else print(hang(`${ink.mark('failed')} `, ink.text(`${event.role}: ${event.message}`), limit));
  };
  return { on };
}

function accountBlock(start: StatusStart, account: AccountSwept, rows: StatusKey[], ink: Ink, limit: number): string[] {
  const table = start.everyone ? byOwner(rows, ink, limit) : statusTable(rows, ink, limit).flat();
  const others = staying(account, 0, ink, limit);
  return [
    ...accountLines({ ...start, title: 'Status' }, account, ink, limit),
    ...(table.length > 0 ? ['', ...table] : []),
    ...(others.length > 0 ? ['', ...others] : []),
  ];
}

/** The titles, then for each owner what is theirs and their rows. */
function byOwner(rows: readonly StatusKey[], ink: Ink, limit: number): string[] {
  const [titles = [], ...lines] = statusTable(rows, ink, limit);
  const owners = [...new Set(rows.map(({ owner }) => owner))];
  return [
    ...titles,
    ...owners.flatMap((owner) => {
      const theirs = rows.filter((row) => row.owner === owner);
      const price = money(theirs.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0));
      const parts = [nameOf(owner), many(theirs.length, 'key'), `${price} a month`];
      return [
        ...flow('  ', parts.map(ink.text), limit, ink.dot),
        ...lines.filter((_, at) => rows[at]?.owner === owner).flat(),
      ];
    }),
  ];
}

/** The lines of the titles, and of each row. */
function statusTable(rows: readonly StatusKey[], ink: Ink, limit: number): string[][] {
  if (rows.length === 0) return [];
  const head = ['REGION', 'KEY', 'LAB', 'AGE', 'SO FAR', 'A MONTH', 'STATE'];
  const cells = [head, ...rows.map((row) => cellsOf(row).map(ink.text))];
  const right = { align: 'right' } as const;
  const [titles = [], ...lines] = tableRows(cells, limit - 2, [{}, {}, {}, right, right, right]);
  return [titles.map((line) => ink.style.dim(line)), ...lines].map((row) => row.map((line) => `  ${line}`));
}

function cellsOf({ region, keyId, lab, ageMs, soFarUsd, monthlyUsd, state, deletionDate }: StatusKey): string[] {
  const soFar = soFarUsd === null ? '–' : little(soFarUsd, '<');
  const until = deletionDate ? `gone from ${dayOf(deletionDate)}` : inWords(state);
  return [region, keyId, lab, age(ageMs), soFar, money(monthlyUsd), until];
}

function sumLines(end: StatusEnd, start: StatusStart | undefined, ink: Ink, limit: number): string[] {
  const free = start?.kind === 'local' ? ' on AWS' : '';
  if (end.keys + end.pending === 0) return ['nothing found'];
  // What keys have cost whose deletion is scheduled is not known: the sum is of the others.
  const parts = [
    ...(end.keys > 0
      ? [many(end.keys, 'key'), `cost${free} ${little(end.soFarUsd)} so far, ${money(end.monthlyUsd)} a month`]
      : []),
    ...(end.pending > 0
      ? [`${many(end.pending, 'key')} pending deletion, which ${end.pending === 1 ? 'costs' : 'cost'} nothing more`]
      : []),
  ];
  return flow('', parts.map(ink.text), limit, ink.dot);
}

/** `PendingReplicaDeletion` in words, which a narrow column can wrap. */
const inWords = (state: string): string => state.replace(/\B[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

/** Cents, and what is less than one is still told from nothing. */
const little = (usd: number, below = 'below ') => (usd > 0 && usd < 0.01 ? `${below}$0.01` : money(usd));
