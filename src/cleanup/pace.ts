import { type CallMiddleware, isThrottled, operationOf } from '../kms/middleware.js';
import { stopIfAborted } from '../kms/wait.js';
import { type Time, wallTime } from './time.js';

/**
 * Requests a second that AWS KMS takes from an account in a Region, for what cleanup calls (Developer Guide, "Request
 * quotas", read 2026-11-23). They are shared with everything else that runs there.
 */
export const quotas: Readonly<Record<string, number>> = {
  ListKeys: 500,
  ListAliases: 500,
  ListResourceTags: 2000,
  DescribeKey: 2000,
  ListKeyRotations: 100,
  DeleteAlias: 15,
  ScheduleKeyDeletion: 15,
  CancelKeyDeletion: 5,
  EnableKey: 5,
  CreateAlias: 5,
};

/** What an operation that is not in the table is called with: KMS's lowest common quota. */
const lowest = 5;

/** How long one call may be throttled before the refusal counts, in milliseconds. */
const patienceMs = 120_000;
const longestMs = 20_000;

export interface PaceOptions {
  /** Of each quota, above 0 and up to 1. */
  share?: number;
  time?: Time;
  /** When aborted, no further call starts. */
  signal?: AbortSignal;
  /** Told when AWS throttles a call all the same, which then waits: "us-east-1: KMS throttles DeleteAlias". */
  onThrottled?(what: string): void;
}

/** Calls of one account, spread evenly over time: each Region and operation at a share of its quota and no faster. */
export class Pace {
  /** When the next call may start, in milliseconds since 1970. */
  private readonly next = new Map<string, number>();
  private readonly share: number;
  private readonly time: Time;

  constructor(private readonly options: PaceOptions = {}) {
    this.share = options.share ?? 0.5;
    this.time = options.time ?? wallTime;
  }

  /** Seconds that so many calls of an operation take in one Region at this pace. */
  seconds(operation: string, calls: number): number {
    return calls / this.rate(operation);
  }

  /** SDK middleware that lets each call wait for its turn, and when AWS throttles it all the same, longer. */
  middleware(region: string): CallMiddleware {
    return (next, context) => async (args) => {
      const operation = operationOf(context);
      const started = this.time.now();
      for (let attempt = 0; ; attempt++) {
        await this.turn(region, operation);
        try {
          return await next(args);
        } catch (error) {
          if (!isThrottled(error) || this.time.now() - started > patienceMs) throw error;
          this.options.onThrottled?.(`${region}: KMS throttles ${operation}`);
          this.hold(region, operation, attempt);
        }
      }
    };
  }

  private rate(operation: string): number {
    return (quotas[operation] ?? lowest) * this.share;
  }

  private async turn(region: string, operation: string): Promise<void> {
    stopIfAborted(this.options.signal);
    const now = this.time.now();
    const slot = Math.max(now, this.next.get(`${region} ${operation}`) ?? 0);
    this.next.set(`${region} ${operation}`, slot + 1000 / this.rate(operation));
    if (slot <= now) return;
    await this.time.sleep(slot - now, this.options.signal).catch((error: unknown) => {
      stopIfAborted(this.options.signal);
      throw error;
    });
    stopIfAborted(this.options.signal);
  }

  /** Somebody else uses the quota too: nobody here calls this operation for a while, twice as long each time. */
  private hold(region: string, operation: string, attempt: number): void {
    const backoff = Math.min(longestMs, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
    const name = `${region} ${operation}`;
    this.next.set(name, Math.max(this.next.get(name) ?? 0, this.time.now() + backoff));
  }
}
