import { about } from './age.js';
import { usable, width } from './layout.js';
import { inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/** How far work on a file has come: one line on a terminal, written over itself, and gone when the work is done. */
export interface ProgressBar {
  /** Bytes; say it as often as you like. */
  show(done: number, of: number): void;
  hide(): void;
}

/** Nothing is shown of what is quickly over, and nobody reads more than ten lines a second. */
const [patienceMs, pauseMs] = [150, 100];

/** A bar on `screen`, which shows nothing unless it is a terminal. */
export function progressBar(screen: Screen, what: string, now: () => number = () => performance.now()): ProgressBar {
  if (!screen.isTerminal) return { show() {}, hide() {} };
  const started = now();
  let next = started + patienceMs;
  let shown = 0;
  // No escape sequences: what was longer is overwritten with blanks.
  const over = (line: string) => {
    screen.write(`\r${line}${' '.repeat(Math.max(0, shown - width(line)))}`);
    shown = width(line);
  };
  return {
    show(done, of) {
      const time = now();
      if (time < next) return;
      next = time + pauseMs;
      over(lineOf(screen, what, { done, of, seconds: (time - started) / 1000 }));
    },
    hide() {
      if (shown === 0) return;
      over('');
      screen.write('\r');
      next = Number.POSITIVE_INFINITY;
    },
  };
}

interface Progress {
  done: number;
  of: number;
  seconds: number;
}

function lineOf(screen: Screen, what: string, { done, of, seconds }: Progress): string {
  const ink = inkFor(screen);
  const share = of > 0 ? Math.min(1, done / of) : 1;
  const rate = done / seconds;
  const left = done > 0 && done < of ? `${about((of - done) / rate)} left` : '';
  const facts = [`${Math.floor(share * 100)} %`, `${size(done)} of ${size(of)}`, `${size(rate)}/s`, left].filter(
    Boolean,
  );
  const tail = facts.join(screen.unicode ? ' · ' : ' - ');
  const [full, empty] = screen.unicode ? ['█', '░'] : ['#', '.'];
  const cells = 20;
  const drawn = full.repeat(Math.round(share * cells)) + empty.repeat(cells - Math.round(share * cells));
  const room = usable(screen.columns) - 1; // a full line would wrap
  const name = ink.text(what);
  const wide = `${name}  ${drawn}  ${tail}`;
  if (width(wide) <= room) return wide;
  return `${drawn}  ${tail}`.slice(0, room);
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** `512 B`, `1.5 MiB`. */
export function size(bytes: number): string {
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  return `${(bytes / 1024 ** power).toFixed(power === 0 ? 0 : 1)} ${units[power]}`;
}
