import type { AccountSwept, CleanupPlan, CleanupStart, KeyFacts, PlannedKey, SkippedKey } from '../cleanup/events.js';
import { about, age, dayOf, many, nameOf, thousands } from './age.js';
import { flow, hang, keep, money, tableRows } from './layout.js';
import type { Ink } from './mark.js';

type Row = PlannedKey | SkippedKey;

/** What a search is for. */
export interface Heading extends Pick<CleanupStart, 'target' | 'kind' | 'everyone' | 'filter'> {
  title: string;
}

/** Where was looked and for what: `Cleanup · account 1111 · 17 Regions swept, 15 not enabled · everyone`. */
export function accountLines(start: Heading, account: AccountSwept, ink: Ink, limit: number): string[] {
  const { swept, unswept } = account;
  const off = unswept.filter(({ why }) => why === 'not enabled').length;
  const [only] = swept;
  const regions = swept.length === 1 && only && unswept.length === 0 ? only : `${many(swept.length, 'Region')} swept`;
  const parts = [
    start.title,
    ...(start.kind === 'aws' ? [] : [start.target]),
    `account ${account.account}`,
    off > 0 ? `${regions}, ${off} not enabled` : regions,
    ...narrowed(start, account),
  ];
  const lines = flow('', parts.map(ink.text), limit, ink.dot);
  const missed = unswept.filter(({ why }) => why !== 'not enabled');
  return [
    ...lines.map((line, at) => (at === 0 ? ink.style.bold(line) : line)),
    ...missed.flatMap(({ region, why, reason }) =>
      hang(
        `  ${ink.mark(start.kind === 'endpoint' ? 'skipped' : 'failed')} `,
        ink.text(`${region} not swept (${why}): ${reason}`),
        limit,
      ),
    ),
  ];
}

function narrowed({ everyone, filter }: Heading, { identity }: AccountSwept): string[] {
  const { namespace, lab, run, olderThanMs } = filter;
  return [
    everyone ? 'everyone' : `keys of ${identity === 'unknown' ? 'the caller' : nameOf(identity)}`,
    ...(lab ? [`lab ${lab}`] : []),
    ...(namespace ? [`namespace ${namespace}`] : []),
    ...(run ? [`run ${run}`] : []),
    ...(olderThanMs === undefined ? [] : [`older than ${age(olderThanMs)}`]),
  ];
}

/** A row for each key, and under it what else tells it from others. */
export function keyTable(rows: readonly Row[], ink: Ink, limit: number): string[] {
  if (rows.length === 0) return [];
  const cells = [['REGION', 'KEY', 'LAB', 'WHOSE', 'AGE', 'ACTION'], ...rows.map((row) => cellsOf(row, ink))];
  const [head = [], ...lines] = tableRows(cells, limit - 2, [{}, {}, {}, {}, { align: 'right' }]);
  return [
    ...head.map((line) => `  ${ink.style.dim(line)}`),
    ...lines.flatMap((row, at) => [...row.map((line) => `  ${line}`), ...detail(rows[at], ink, limit)]),
  ];
}

/** A session may be named by a mail address: a column has no room for it. */
function whose(owner: string): string {
  const name = nameOf(owner);
  return name.length > 14 ? `${name.slice(0, 6)}…${name.slice(-7)}` : name;
}

function cellsOf(row: Row, ink: Ink): string[] {
  const skipped = row.type === 'cleanup:skip';
  const end = !skipped && row.endDate ? ` → gone from ${dayOf(row.endDate)}` : '';
  const action = skipped
    ? `${ink.mark('skipped').trim()} ${row.state === undefined ? unread(row.reason) : row.reason}`
    : `${row.reason}${end}`;
  const known = row.lab === undefined ? ['?', '?', '?'] : [row.lab, whose(row.owner), age(row.ageMs)];
  return [row.region, row.keyId, ...known, action].map(ink.text);
}

/** AWS's sentence says much that a column has no room for: whoever shares an account meets it for each key of the others. */
function unread(reason: string): string {
  const [, action] = /not authorized to perform: (kms:\w+)/.exec(reason) ?? [];
  return `unreadable: ${action ? `no ${action}` : reason}`;
}

function detail(row: Row | undefined, ink: Ink, limit: number): string[] {
  if (!row || row.lab === undefined) return [];
  const namespace = row.namespace === 'default' ? [] : [`namespace ${row.namespace}`];
  const [alias, state] = row.state === undefined ? [row.alias, 'state unknown'] : [aliasOf(row), row.state];
  const text = [alias, ...namespace, `run ${row.run}`, state].join(` ${ink.dot} `);
  return hang('    ', ink.text(text), limit).map((line) => ink.style.dim(line));
}

function aliasOf({ alias, aliases, state }: KeyFacts): string {
  const dying = state === 'PendingDeletion' || state === 'PendingReplicaDeletion';
  return dying || aliases.includes(alias) ? alias : `no alias (was ${alias})`;
}

/** What stays to others, and how many. */
export function staying({ counts, owners }: AccountSwept, listed: number, ink: Ink, limit: number): string[] {
  const { foreign, ofOthers, filtered, unreadable } = counts;
  const parts: string[] = [];
  if (foreign > 0) {
    const one = foreign === 1;
    parts.push(
      `${many(foreign, 'other key')} in the account ${one ? 'is' : 'are'} not kms-lab's and ${one ? 'stays' : 'stay'} untouched`,
    );
  }
  if (ofOthers > 0) {
    const whose = owners.length > 3 ? `${thousands(owners.length)} other owners` : owners.map(nameOf).join(', ');
    parts.push(`${many(ofOthers, 'kms-lab key')} of ${whose || 'another owner'}: not yours (--everyone takes all)`);
  }
  if (filtered > 0) parts.push(`${many(filtered, 'kms-lab key')} outside of what was asked for`);
  if (unreadable > listed) {
    const rest = many(unreadable - listed, listed > 0 ? 'more key' : 'key');
    parts.push(`${rest} can't be read: what that is, and costs, is unknown`);
  }
  return parts.flatMap((part) => hang('  ', ink.text(part), limit));
}

/** What is about to happen, in sum. */
export function planLines(plan: CleanupPlan, start: CleanupStart, undoLine: string, ink: Ink, limit: number): string[] {
  if (plan.keys === 0 && plan.files === 0)
    return [start.action === 'undo' ? '  nothing to give back' : '  nothing to remove'];
  const undo = start.action === 'undo';
  const free = start.kind === 'local' ? 'on AWS ' : '';
  const sum = undo
    ? `costs ${free}${money(plan.monthlyUsd)} a month again`
    : `saves ${free}${money(plan.monthlyUsd)} a month`;
  const parts = [
    ...(plan.accounts > 1 ? [many(plan.accounts, 'account')] : []),
    [
      many(plan.keys, 'key'),
      ...(plan.aliases > 0 ? [plan.aliases === 1 ? '1 alias' : `${thousands(plan.aliases)} aliases`] : []),
      ...(plan.files > 0 ? [many(plan.files, 'local file')] : []),
    ].join(', '),
    ...(plan.keys > 0 ? [sum] : []),
    ...(plan.seconds >= 5 ? [`takes ${about(plan.seconds)} at ${share(plan.rate)} of AWS's request quotas`] : []),
  ];
  const warning = undo
    ? 'AWS bills the waiting time of these keys after all, from the day they were scheduled. Local files do not return.'
    : `Whatever is still encrypted under these keys can't be opened after those dates. Until then: ${keep(undoLine)}`;
  return [...flow('  ', parts, limit, ink.dot), ...(plan.keys > 0 ? hang('  ', warning, limit) : [])].map(ink.text);
}

const share = (rate: number) => (rate === 1 ? 'all' : rate === 0.5 ? 'half' : `${Math.round(rate * 100)} %`);
