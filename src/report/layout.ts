import { stripVTControlCharacters } from 'node:util';

/** The longest line we print, and the width of prose; only lines meant for pasting may be longer. */
export const widest = 100;
export const prose = 80;

const wide =
  /[\p{Emoji_Presentation}\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/gu;
const zero = /[\p{Mn}\p{Me}\p{Cf}]/gu;

/** Columns a text takes: styles and combining marks take none, East Asian characters and emoji take two. */
export function width(text: string): number {
  const bare = stripVTControlCharacters(text).replace(zero, '');
  return [...bare].length + (bare.match(wide)?.length ?? 0);
}

/** Columns to use on a screen. */
export const usable = (columns: number, limit = widest): number => Math.max(40, Math.min(columns, limit));

/** Keep a command on one line when its text is wrapped. */
export const keep = (command: string): string => command.replaceAll(' ', '\u00a0');

/** Break a text into lines of at most `limit` columns. A word that is too long is cut, after hyphens if it can be, unless it was kept. */
export function wrap(text: string, limit: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, limit))) {
    if (line && width(line) + 1 + width(word) > limit) {
      lines.push(line);
      line = '';
    }
    line = line ? `${line} ${word}` : word;
  }
  return [...lines, line].map((each) => each.replaceAll('\u00a0', ' '));
}

function pieces(word: string, limit: number): string[] {
  // A styled word is left whole: cutting it would cut its escape sequence.
  if (width(word) <= limit || word.includes('\u00a0') || word.includes('\u001b')) return [word];
  const hyphenated = partsOf(word);
  return packed(hyphenated.every((part) => width(part) <= limit) ? hyphenated : [...word], limit);
}

/** `multi-Region`, as it may stand on two lines: `multi-`, `Region`. Dates and numbers stay whole. */
const partsOf = (word: string): string[] => word.split(/(?<=\p{L}-)(?=\p{L})/u);

/** As many parts together as there is room for. */
function packed(parts: readonly string[], limit: number): string[] {
  const pieces: string[] = [];
  for (const part of parts) {
    const last = pieces.at(-1);
    if (last !== undefined && width(last + part) <= limit) pieces[pieces.length - 1] = last + part;
    else pieces.push(part);
  }
  return pieces;
}

/** Wrap and put before each line: `first` before the first, as many blanks before the others. */
export function hang(first: string, text: string, limit: number): string[] {
  const indent = width(first);
  return wrap(text, limit - indent).map((line, index) => (index === 0 ? first : ' '.repeat(indent)) + line);
}

/** Parts with ` · ` between them, on as many lines as they need. */
export function flow(first: string, parts: readonly string[], limit: number, separator = '·'): string[] {
  const lines: string[] = [];
  let line = first;
  for (const [index, part] of parts.entries()) {
    const joined = index === 0 ? line + part : `${line} ${separator} ${part}`;
    const fits = width(joined) <= limit || index === 0;
    if (!fits) lines.push(line);
    line = fits ? joined : `  ${part}`;
  }
  return [...lines, line].flatMap((each) => {
    const indent = each.slice(0, each.length - each.trimStart().length);
    return width(each) <= limit ? [each] : hang(indent, each.trimStart(), limit);
  });
}

/** `left`, and `right` so that it ends at the 76th column; undefined when both do not fit on one line. */
export function beside(left: string, right: string, limit: number): { gap: string } | undefined {
  const taken = width(left) + width(right);
  return taken + 2 > limit ? undefined : { gap: ' '.repeat(Math.max(2, Math.min(76, limit) - taken)) };
}

export interface Column {
  align?: 'left' | 'right';
}

/**
 * Rows of cells as lines; the widest columns give way first, and their cells are wrapped, until all fits in `limit`. Words are cut
 * only where neither blanks nor hyphens give way enough.
 */
export const table = (rows: readonly string[][], limit: number, columns: readonly Column[] = []): string[] =>
  tableRows(rows, limit, columns).flat();

/** As `table`, with the lines of each row by themselves. */
export function tableRows(rows: readonly string[][], limit: number, columns: readonly Column[] = []): string[][] {
  const widths = fit(rows, limit);
  return rows.map((row) => {
    const cells = widths.map((each, at) => wrap(row[at] ?? '', each));
    const height = Math.max(1, ...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, line) =>
      cells
        .map((cell, at) => pad(cell[line] ?? '', widths[at] ?? 0, columns[at]?.align))
        .join('  ')
        .trimEnd(),
    );
  });
}

function fit(rows: readonly string[][], limit: number): number[] {
  const number = Math.max(0, ...rows.map((row) => row.length));
  /** The longest part of each column. */
  const longest = (parts: (cell: string) => string[]) =>
    Array.from({ length: number }, (_, at) => Math.max(...rows.flatMap((row) => parts(row[at] ?? '').map(width))));
  const widths = longest((cell) => [cell]);
  const words = (cell: string) => cell.split(' ');
  const floors = [longest(words), longest((cell) => words(cell).flatMap(partsOf)), Array.from(widths, () => 8)];
  for (const floor of floors) narrow(widths, floor, limit - 2 * (number - 1));
  return widths;
}

/** Take from the widest column that is above its floor, until all fit or none is. */
function narrow(widths: number[], floor: readonly number[], room: number): void {
  const above = (at: number) => (widths[at] ?? 0) > (floor[at] ?? 0);
  while (widths.reduce((sum, each) => sum + each, 0) > room) {
    const widest = Math.max(...widths.filter((_, at) => above(at)));
    const at = widths.findIndex((each, index) => each === widest && above(index));
    if (at < 0) return;
    widths[at] = widest - 1;
  }
}

function pad(text: string, to: number, align: Column['align']): string {
  const blanks = ' '.repeat(Math.max(0, to - width(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** US dollars: `$1.00`. */
export const money = (usd: number): string => `$${usd.toFixed(2)}`;

/** `0.21 s`, `3.2 s`, `45 s`, `2 min 5 s`, `1 h 3 min`. */
export function duration(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 0.995) return `${seconds.toFixed(2)} s`;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes} min ${whole % 60} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 key`, `2 keys`. */
export const count = (number: number, noun: string): string => `${number} ${noun}${number === 1 ? '' : 's'}`;
