import type { Member } from './family.js';

/** Columns inside a box: two of them, side by side below a note, fit a terminal of 80. */
const widest = 30;

/** Shortened in the middle: an alias may hold a namespace. */
const fit = (text: string) => (text.length <= widest ? text : `${text.slice(0, 15)}…${text.slice(16 - widest)}`);

/** The keys side by side, and below them what they have in common: lines of characters. */
export function relationship(keys: readonly (Member & { region: string })[], alias: string, KeyId: string): string[] {
  const columns = keys.map(({ region, role, state, description }) => {
    const inside = [`${role} key`, alias, `state: ${state}`, description].map(fit);
    const width = Math.max(region.length, ...inside.map((line) => line.length));
    const rule = '─'.repeat(width + 2);
    return [region.padEnd(width + 4), `┌${rule}┐`, ...inside.map((line) => `│ ${line.padEnd(width)} │`), `└${rule}┘`];
  });
  const height = columns[0]?.length ?? 0;
  const sides = Array.from({ length: height }, (_, row) =>
    columns.map((column) => column[row]).join(row === 3 ? ' ◄─► ' : '     '),
  );
  return [
    ...sides.map((line) => line.trimEnd()),
    `  one key id:        ${KeyId}`,
    `  one key material:  ${keys[0]?.material.slice(0, 16)}…`,
  ];
}
