import { Chalk, type ChalkInstance } from 'chalk';
import { ascii, oneLine, shortenIds } from './clean.js';
import type { Screen } from './reporter.js';

const marks = { passed: '✔', failed: '✖', skipped: '–' } as const;
const words = { passed: 'ok', failed: 'FAIL', skipped: '-' } as const;

export type Mark = keyof typeof marks;

/** How text looks on one screen: its marks, its colours, its characters. Colour never carries a meaning alone. */
export interface Ink {
  style: ChalkInstance;
  /** What stands between the parts of a line. */
  dot: string;
  /** A mark, padded so that marks of one list align; `ok` and `FAIL` where there is no Unicode. */
  mark(mark: Mark): string;
  tint(mark: Mark): (text: string) => string;
  /** Any text, safe to print on one line of this screen; long ids are shortened. */
  text(text: string): string;
  /** As `text`, with ids in full: for a line meant for pasting. */
  whole(text: string): string;
}

export function inkFor(screen: Pick<Screen, 'colour' | 'unicode'>): Ink {
  const style = new Chalk({ level: screen.colour ? 1 : 0 });
  const whole = (text: string) => (screen.unicode ? oneLine(text) : ascii(oneLine(text)));
  const tints = { passed: style.green, failed: style.red, skipped: style.yellow };
  return {
    style,
    dot: screen.unicode ? '·' : '-',
    mark: (mark) => (screen.unicode ? marks[mark] : words[mark].padEnd(4)),
    tint: (mark) => tints[mark],
    text: (text) => whole(shortenIds(text)),
    whole,
  };
}
