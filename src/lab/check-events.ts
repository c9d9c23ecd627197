/** What `kms-lab check` says about itself: plain data, in order. Its reporters and `--json` see nothing else. */
import type { Place } from './events.js';

export type CheckEvent = CheckStart | CheckLab | CheckStep | CheckLabEnd | CheckEnd;

/** One thing that was looked for. Never a plaintext, a data key or a token. */
export interface Finding {
  /** "kms-lab-files/symmetric/encrypted-data.bin opens under alias/kms-lab-symmetric-key". */
  what: string;
  found: boolean;
  /** What to do about it; with what was not found alone. */
  hint?: string;
}

/**
 * `done`: all is there · `missing`: something is not, see its findings · `waiting`: it needs what an earlier step was to make ·
 * `not graded`: it leaves no trace, or none any more; `reason` says why.
 */
export type Grade = 'done' | 'missing' | 'waiting' | 'not graded';

export interface CheckStart {
  type: 'check:start';
  namespace: string;
  time: string;
  place: Place;
  labs: { lab: string; number: number; title: string }[];
}

export interface CheckLab {
  type: 'check:lab';
  lab: string;
  number: number;
  title: string;
}

export interface CheckStep {
  type: 'check:step';
  lab: string;
  /** "1.2": lab number and position. */
  step: string;
  title: string;
  grade: Grade;
  findings: Finding[];
  reason?: string;
}

/** Steps by grade. */
export type Grades = Record<'done' | 'missing' | 'waiting' | 'notGraded', number>;

export interface CheckLabEnd {
  type: 'check:lab-end';
  lab: string;
  outcome: 'passed' | 'failed';
  steps: Grades;
}

export interface CheckEnd {
  type: 'check:end';
  outcome: 'passed' | 'failed';
  exitCode: number;
  steps: Grades;
  durationMs: number;
  /** Why the account could not be read to the end: no credentials, no answer in time. */
  error?: { kind: string; message: string; hint: string };
}
