import type { Reporter } from './reporter.js';

/**
 * One JSON line per event. JSON escapes C0 only; the rest that a terminal obeys (C1) or a line reader takes for a line
 * break (U+0085, U+2028, U+2029) is escaped here, which any JSON parser reads as the same text.
 */
export const jsonLines = (write: (text: string) => void): Reporter => ({
  on: (event) => write(`${jsonLine(event)}\n`),
});

/** One value on one line; also for `list --json`, `show --json`, `cleanup --json`. */
export const jsonLine = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
