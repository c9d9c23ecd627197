import type { LabEvent } from '../lab/events.js';

/** Tells a run in one format. It is handed events in order and nothing else: no client, no configuration. */
export interface Reporter {
  on(event: LabEvent): void;
  /** Put the terminal back in order; also when a run breaks off. May be called twice. */
  end?(): void;
}

/** Where text goes, and what it can show there. */
export interface Screen {
  write(text: string): void;
  /** False in CI, a pipe or a file: nothing is rewritten there, and failures are told once more at the end. */
  isTerminal: boolean;
  colour: boolean;
  unicode: boolean;
  /** Width in columns. */
  columns: number;
}

/** The one line that says what is awaited. It is on stderr, so that stdout stays the result. */
export interface Progress {
  show(what: string, elapsedMs: number): void;
  hide(): void;
}
