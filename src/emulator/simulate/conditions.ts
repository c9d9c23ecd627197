import { Fault } from '../fault.js';
import type { OperationName } from '../operation.js';
import { Buckets, type Charged, quotaOf, throttled } from './request-quotas.js';
import { type ResourceQuotas, resourceQuotas } from './resource-quotas.js';

/** A failure that a process arranges for calls to come. */
export interface FaultPlan {
  /** AWS's name for it: `KMSInternalException`. */
  code: string;
  message?: string;
  /** HTTP status; 500 unless given, which the SDK tries again. */
  status?: number;
  /** How many calls meet it; 1 unless given. */
  times?: number;
  /** Only in this Region. */
  region?: string;
  /** The operation is done and its answer replaced: the caller can't know. */
  afterwards?: boolean;
}

/** Account-level quotas in place of those that every account begins with. */
export interface QuotaValues extends Partial<ResourceQuotas> {
  /** Requests per second of an operation, alone. */
  perSecond?: Partial<Record<OperationName, number>>;
}

/**
 * What goes wrong on a real network and in a real Region. It belongs to a process and never to the stored world; a new
 * emulator is calm.
 */
export class Conditions {
  /** Wait this long before each answer, in milliseconds. */
  latency = 0;
  /** How long CloudTrail takes to show an event, in milliseconds: minutes on AWS. */
  lateTrail = 0;
  readonly #outages = new Set<string>();
  readonly #faults: (FaultPlan & { operation: OperationName; left: number })[] = [];
  #quotas: { values: QuotaValues; buckets: Buckets } | undefined;

  /** Apply AWS's request and resource quotas, each as AWS gives it unless a value is given; `false`: none. */
  quotas(values: QuotaValues | false = {}): void {
    this.#quotas = values === false ? undefined : { values, buckets: new Buckets() };
  }

  /** Take a Region down. Call what it returns to bring it back. */
  outage(region: string): () => void {
    this.#outages.add(region);
    return () => void this.#outages.delete(region);
  }

  /** Let the next calls of an operation fail. Plans for the same operation follow one another. */
  fault(operation: OperationName, plan: FaultPlan): void {
    this.#faults.push({ ...plan, operation, left: plan.times ?? 1 });
  }

  /** The quotas in force; undefined: none. */
  get resourceQuotas(): ResourceQuotas | undefined {
    return this.#quotas && { ...resourceQuotas, ...this.#quotas.values };
  }

  get countsRequests(): boolean {
    return this.#quotas !== undefined;
  }

  /** Throw the outage's answer, in the words of the API Reference's common errors. */
  checkOutage(region: string): void {
    if (!this.#outages.has(region)) return;
    throw new Fault('ServiceUnavailable', 'The request has failed due to a temporary failure of the server.', 503);
  }

  /** Throw ThrottlingException when an account is over a quota. `now` in milliseconds. */
  charge(account: string, charges: readonly (Charged & { units: number })[], now: number): void {
    if (!this.#quotas) return;
    const { values, buckets } = this.#quotas;
    for (const charged of charges) {
      const given = values.perSecond?.[charged.operation];
      const quota = given === undefined ? quotaOf(charged) : { name: charged.operation, perSecond: given };
      if (!buckets.take(`${account}/${charged.region}`, quota, now, charged.units)) throw throttled();
    }
  }

  /** The same for CloudTrail's LookupEvents: two requests a second in an account and Region. */
  chargeLookup(account: string, region: string, now: number): void {
    const quota = { name: 'LookupEvents', perSecond: 2 };
    if (!this.#quotas || this.#quotas.buckets.take(`${account}/${region}`, quota, now)) return;
    throw new Fault('ThrottlingException', 'Rate exceeded');
  }

  /** Throw a planned fault, and use it up. */
  checkFault(operation: string, region: string, afterwards: boolean): void {
    if (this.#faults.length === 0) return;
    const index = this.#faults.findIndex(
      (plan) =>
        plan.operation === operation && (plan.region ?? region) === region && (plan.afterwards ?? false) === afterwards,
    );
    const plan = this.#faults[index];
    if (!plan) return;
    if (--plan.left <= 0) this.#faults.splice(index, 1);
    throw new Fault(plan.code, plan.message ?? '', plan.status ?? 500);
  }

  /** Wait out the latency, where there is any. */
  wait(): Promise<void> | undefined {
    return this.latency > 0 ? new Promise((resolve) => setTimeout(resolve, this.latency)) : undefined;
  }
}
