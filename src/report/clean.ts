/** Text that came from outside (an id, a message, a description) made safe to print. */

/** Control characters (C0, DEL, C1), line separators, and marks that reorder text (https://unicode.org/reports/tr9/). */
const unprintable = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;

/** Show each character that could move the cursor, or reorder a line, as an escape: ESC becomes `\x1b`. */
export const visible = (text: string): string => text.replace(unprintable, escaped);

function escaped(character: string): string {
  const code = character.charCodeAt(0);
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** One line of prose: line breaks and tabs become a space, so that nobody can forge a line of ours. */
export const oneLine = (text: string): string => visible(text.replace(/[\r\n\t]+/g, ' '));

/** Characters of our own texts and pictures, each as wide as what stands for it where alignment matters. */
const spelling = new Map<string, string>(
  (
    [
      ['…', '...'],
      ['→', '->'],
      ['≤', '<='],
      ['≥', '>='],
      ['·–—−─━', '-'],
      ['│┃', '|'],
      ['┌┐└┘├┤┬┴┼', '+'],
      ['═', '='],
      ['►▶', '>'],
      ['◄◀←', '<'],
      ['▼↓', 'v'],
      ['▲↑', '^'],
      ['•', '*'],
      ['×✖', 'x'],
      ['✔', 'v'],
      ['‘’', "'"],
      ['“”', '"'],
      ['\u00a0', ' '],
    ] as const
  ).flatMap(([from, to]) => [...from].map((character) => [character, to])),
);

/** For terminals without Unicode: what has an ASCII spelling gets it, the rest is a question mark. */
export const ascii = (text: string): string =>
  text.replace(/[^\p{ASCII}]/gu, (character) => spelling.get(character) ?? '?');

const ids = /\b(?:mrk-)?[0-9a-f]{32,}\b|\b[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}\b/gi;

/** Shorten a long id in the middle: `1234…90ab`, `mrk-1a2b…9f0e`. */
export function shorten(id: string): string {
  const head = id.startsWith('mrk-') ? 8 : 4;
  return id.length > head + 5 ? `${id.slice(0, head)}…${id.slice(-4)}` : id;
}

/** Shorten every key id and digest inside a text. For the screen only, never for a line meant for pasting. */
export const shortenIds = (text: string): string => text.replace(ids, shorten);
