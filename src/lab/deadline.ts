import { LabError } from '../errors.js';
import { sleep as realSleep } from '../kms/wait.js';

/** A time that is not exceeded, whatever is awaited. */
export interface Deadline {
  /** Aborted with a LabError `unreachable` when the time is up. */
  signal: AbortSignal;
  /** It is over before its time: nothing is left that keeps the process from ending. */
  done(): void;
}

/** Begin a deadline of `ms` milliseconds. @param sleep so that specs do not wait */
export function deadline(ms: number, sleep = realSleep): Deadline {
  const up = new AbortController();
  const over = new AbortController();
  const reason = new LabError('unreachable', `no answer within ${ms / 1000} s`);
  sleep(ms, over.signal).then(
    () => up.abort(reason),
    () => {}, // it was over before
  );
  return { signal: up.signal, done: () => over.abort() };
}
