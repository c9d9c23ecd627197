import { setTimeout as timer } from 'node:timers/promises';
import { LabError } from '../errors.js';

/** Time, as everything in this room sees it; given from outside, so that specs do not wait. */
export interface Waiting {
  /** Milliseconds since 1970. */
  now(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  onWait(what: string, elapsedMs: number): void;
  /** How long to wait for KMS to settle. */
  settleMs: number;
  /** Wait about this long each time, instead of twice as long from time to time. */
  everyMs?: number;
  signal?: AbortSignal;
}

const firstMs = 200;
const longestMs = 5_000;

/** Wait before attempt `attempt + 1`: twice as long each time, or `everyMs`, with jitter. False when the deadline has passed. */
export async function pause(waiting: Waiting, what: string, started: number, attempt: number): Promise<boolean> {
  const elapsed = waiting.now() - started;
  const left = waiting.settleMs - elapsed;
  if (left <= 0) return false;
  waiting.onWait(what, elapsed);
  const { everyMs } = waiting;
  const backoff = everyMs === undefined ? growing(attempt) : everyMs * (0.75 + Math.random() / 2);
  await waiting.sleep(Math.min(backoff, left), waiting.signal).catch((error) => {
    stopIfAborted(waiting.signal);
    throw error;
  });
  stopIfAborted(waiting.signal);
  return true;
}

const growing = (attempt: number) => Math.min(longestMs, firstMs * 2 ** attempt) * (0.5 + Math.random() / 2);

/** After Ctrl-C no further call starts. */
export function stopIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return;
  if (signal.reason instanceof LabError) throw signal.reason;
  throw new LabError('interrupted', 'interrupted', { cause: signal.reason });
}

export const sleep = (ms: number, signal?: AbortSignal): Promise<void> => timer(ms, undefined, signal && { signal });
