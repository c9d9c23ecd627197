import type { KMS, KMSServiceException } from '@aws-sdk/client-kms';
import { classify, type Kind } from '../errors.js';
import type { KeySummary } from '../lab/events.js';
import { carryOut, type ReadBack } from './carry-out.js';
import { monthlyOf } from './cost.js';
import { type FoundKey, isPending } from './found.js';
import { inParallel } from './in-parallel.js';
import type { Change, Plan } from './plan.js';
import { type Time, wallTime } from './time.js';

/** A key that is what the plan wanted, read back from AWS. */
export interface DoneKey extends KeySummary, ReadBack {}
export interface KeptKey extends KeySummary {
  reason: string;
}
export interface FailedKey extends KeySummary {
  kind: Kind;
  message: string;
}

/** What a plan came to. Left-overs are what is in `failed`. */
export interface Result {
  done: DoneKey[];
  kept: KeptKey[];
  failed: FailedKey[];
}

export interface ApplyOptions {
  kms(region: string): KMS;
  /** End the call in flight, then leave the rest. */
  signal?: AbortSignal;
  time?: Time;
  /** Told after each key. */
  onProgress?(done: number, of: number): void;
  onDone?(key: DoneKey, change: Change): void;
  onKept?(key: KeptKey, change: Change): void;
  onFailed?(key: FailedKey, change: Change): void;
}

const regionsAtOnce = 8;
/** Keys in hand together in a Region: enough for 15 deletions a second (AWS's quota) when a key takes half a second. */
const keysAtOnce = 10;

/**
 * Carry out a plan and read each key back; Regions side by side, replicas before any primary. May be repeated. A key that
 * fails does not stop the others, unless no call can succeed any more (credentials, network).
 */
export async function apply(plan: Plan, options: ApplyOptions): Promise<Result> {
  const run = new Run(plan, options);
  for (const phase of [0, 1]) {
    const changes = plan.changes.filter((change) => change.phase === phase);
    const regions = new Set(changes.map(({ key }) => key.region));
    await inParallel(regions, regionsAtOnce, (region) => {
      const here = changes.filter(({ key }) => key.region === region);
      return inParallel(here, keysAtOnce, (change) => run.one(change));
    });
  }
  return run.result;
}

class Run {
  readonly result: Result = { done: [], kept: [], failed: [] };
  private stopped: { kind: Kind; message: string } | undefined;
  private ended = 0;

  constructor(
    private readonly plan: Plan,
    private readonly options: ApplyOptions,
  ) {}

  async one(change: Change): Promise<void> {
    const { signal, kms, time = wallTime, onProgress } = this.options;
    if (signal?.aborted) this.stopped ??= { kind: 'interrupted', message: 'not tried: interrupted' };
    if (this.stopped) return this.fail(change, this.stopped);
    try {
      const seen = await carryOut(change, kms(change.key.region), time);
      if ('kept' in seen) this.keep(change, seen.kept);
      else this.finish(change, seen);
    } catch (error) {
      const { kind, message } = classify(error);
      this.fail(change, { kind, message });
      if (kind === 'credentials' || isNetwork(error)) this.stopped ??= { kind, message: `not tried: ${message}` };
    }
    onProgress?.(++this.ended, this.plan.changes.length);
  }

  private finish(change: Change, seen: ReadBack): void {
    const key = { ...summary(change.key), ...seen };
    this.result.done.push(key);
    this.options.onDone?.(key, change);
  }

  private keep(change: Change, reason: string): void {
    const key = { ...summary(change.key), reason };
    this.result.kept.push(key);
    this.options.onKept?.(key, change);
  }

  private fail(change: Change, why: { kind: Kind; message: string }): void {
    const key = { ...summary(change.key), ...why };
    this.result.failed.push(key);
    this.options.onFailed?.(key, change);
  }
}

/** No answer came at all: a throttled call or a 5xx has a status, and the next key may fare better. */
const isNetwork = (error: unknown) =>
  classify(error).kind === 'unreachable' && (error as KMSServiceException).$metadata?.httpStatusCode === undefined;

/** A key as a summary names it. */
export function summary(key: Pick<FoundKey, 'keyId' | 'region' | 'state' | 'aliases' | 'rotations'>): KeySummary {
  const [alias] = key.aliases;
  return {
    keyId: key.keyId,
    region: key.region,
    ...(alias && { alias }),
    monthlyUsd: isPending(key.state) ? 0 : monthlyOf(key),
  };
}
