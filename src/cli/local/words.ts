import type { Happening } from '../../emulator/upkeep/upkeep.js';
import type { DueEvent } from '../../emulator/world/due.js';
import { jsonLine } from '../../report/json.js';
import { inkFor } from '../../report/mark.js';
import { stdoutScreen } from '../screen.js';

interface Words {
  /** Something goes that does not come back. */
  loses: boolean;
  /** Behind the key that it is about. */
  happens: string;
  /** What one, and what several of it are called. */
  nouns: readonly [one: string, several: string];
}

/** Everything that happens by itself; a kind without words does not compile. */
const words = {
  'delete-key': { loses: true, happens: 'is deleted for good', nouns: ['deletion', 'deletions'] },
  'replica-ready': { loses: false, happens: 'is ready as a replica', nouns: ['new replica', 'new replicas'] },
  'primary-moved': { loses: false, happens: 'is the primary key of its set', nouns: ['promotion', 'promotions'] },
  'rotate-key': { loses: false, happens: 'is rotated', nouns: ['rotation', 'rotations'] },
  'rotate-key-on-demand': {
    loses: false,
    happens: 'is rotated on demand',
    nouns: ['rotation on demand', 'rotations on demand'],
  },
  'expire-material': { loses: true, happens: 'loses imported key material', nouns: ['expiry', 'expiries'] },
} as const satisfies Record<DueEvent['kind'], Words>;

export const loses = ({ event }: Happening): boolean => words[event.kind].loses;

/** `2026-12-01 09:30 UTC`. */
export const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** One line for people: when, which key, what. */
export function happeningLine({ at, event, aliases }: Happening): string {
  const { kind, account, region, id } = event;
  const named = aliases.length > 0 ? ` (${aliases.join(', ')})` : '';
  return `${instant(at)}  key ${id}${named} in ${region} of ${account} ${words[kind].happens}`;
}

/** A list that nobody wants to read to its end is cut; `--json` is not. */
const shown = 40;

export function happeningLines(all: readonly Happening[]): string[] {
  const lines = all.slice(0, shown).map(happeningLine);
  return all.length > shown ? [...lines, `… and ${all.length - shown} more (--json lists all)`] : lines;
}

/** `1 deletion, 3 rotations`; empty when nothing happened. */
export function sum(all: readonly Happening[]): string {
  const counts = new Map<DueEvent['kind'], number>();
  for (const { event } of all) counts.set(event.kind, (counts.get(event.kind) ?? 0) + 1);
  return [...counts].map(([kind, count]) => `${count} ${words[kind].nouns[count === 1 ? 0 : 1]}`).join(', ');
}

export const happeningJson = ({ at, event, aliases }: Happening) => ({
  at: new Date(at).toISOString(),
  ...event,
  aliases,
});

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `365 days`, `1 day 2 hours`; to the minute. */
export function spanWords(ms: number): string {
  let left = ms;
  const parts = units.flatMap(([name, length]) => {
    const count = Math.floor(left / length);
    left -= count * length;
    return count > 0 ? [`${count} ${name}${count === 1 ? '' : 's'}`] : [];
  });
  return parts.join(' ') || '0 minutes';
}

/** Lines for people, safe for whatever shows them. */
export function print(...lines: readonly string[]): void {
  const ink = inkFor(stdoutScreen(true));
  process.stdout.write(lines.map((line) => `${ink.whole(line)}\n`).join(''));
}

export const printJson = (value: object) => process.stdout.write(`${jsonLine(value)}\n`);
