import { setTimeout as timer } from 'node:timers/promises';

/** Time, as everything in this room sees it; given from outside, so that specs do not wait. */
export interface Time {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<unknown>;
}

/** The machine's own. */
export const wallTime: Time = {
  now: Date.now,
  sleep: (ms, signal) => timer(ms, undefined, signal && { signal }),
};
