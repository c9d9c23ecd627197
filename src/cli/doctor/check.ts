import type { Kind } from '../../errors.js';
import type { Target } from '../../target/target.js';

/** What the doctor says about one thing. */
export interface Finding {
  check: string;
  outcome: 'passed' | 'warning' | 'failed';
  text: string;
  /** What to do about it; on every warning and failure. */
  advice?: string;
  /** The kind of failure, which decides the exit code. */
  kind?: Kind;
}

/** What examinations may ask. */
export interface Patient {
  target: Target;
  env: NodeJS.ProcessEnv;
  /** As given: `--region`, `--profile`. */
  options: { region?: string; profile?: string };
  now(): number;
  signal: AbortSignal;
}

export const passed = (check: string, text: string): Finding => ({ check, outcome: 'passed', text });

export const warning = (check: string, text: string, advice: string): Finding => ({
  check,
  outcome: 'warning',
  text,
  advice,
});

export const failed = (check: string, kind: Kind, text: string, advice: string): Finding => ({
  check,
  outcome: 'failed',
  text,
  advice,
  kind,
});
