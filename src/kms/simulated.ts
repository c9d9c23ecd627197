import type { KMS } from '@aws-sdk/client-kms';
import type { CallRecord, Connection } from './connection.js';
import { wrap } from './middleware.js';
import { record } from './record.js';
import type { OperationName } from './sensitive.js';

/** A failure that is arranged for calls to come. */
export interface ArrangedFault {
  /** AWS's name for it: `KMSInternalException`. */
  code: string;
  message?: string;
  /** HTTP status; 500 unless given, which the SDK tries again. */
  status?: number;
  /** How many calls meet it; 1 unless given. */
  times?: number;
  /** Only in this Region. */
  region?: string;
  /** The operation is done and its answer lost. */
  afterwards?: boolean;
}

/** Quotas in place of those that AWS gives every account. */
export interface GivenQuotas {
  /** Requests per second of an operation. */
  perSecond?: Partial<Record<OperationName, number>>;
  keys?: number;
  aliasesPerKey?: number;
}

/** What can be done to a throw-away copy of the world, beside calling it. */
export interface Levers {
  /** Move the copy's clock on by `ms` milliseconds: what is due by then happens. */
  advance(ms: number): void;
  /** Take a Region down; call what it returns to bring it back. */
  outage(region: string): () => void;
  /** Apply AWS's request and resource quotas, or those given instead. */
  quotas(values?: GivenQuotas): void;
  /** Wait `ms` milliseconds before each answer. */
  latency(ms: number): void;
  /** Changes are seen by other calls `ms` milliseconds later, on the copy's clock. */
  eventualConsistency(ms: number): void;
  /** Let the next calls of an operation fail. */
  fault(operation: OperationName, fault: ArrangedFault): void;
}

/** A throw-away copy of the world, and the way to it. */
export interface SimulatedWorld extends Levers {
  config: Connection['config'];
  close(): Promise<void>;
}

/** KMS clients of a simulated world: nothing is tagged, waited for or sent again unless asked for. */
export interface SimulatedClients {
  /** @param attempts how often the SDK sends a call that is throttled or meets a 5xx; 1 unless given. */
  in(region: string, attempts?: number): KMS;
  /** May be called twice. */
  close(): void;
}

/** Load the SDK and open clients of a simulated world. Calls are told of, and never as lines for the AWS CLI. */
export async function openSimulated(options: {
  world: SimulatedWorld;
  onCall(call: CallRecord): void;
  /** When aborted no further call starts. */
  signal?: AbortSignal;
}): Promise<SimulatedClients> {
  const { KMS } = await import('@aws-sdk/client-kms');
  const now = () => performance.now();
  const clients: KMS[] = [];
  return {
    in(region, attempts = 1) {
      const client = new KMS({ ...options.world.config('kms', region), maxAttempts: attempts });
      const onCall = (call: CallRecord) => options.onCall({ ...call, simulated: true });
      wrap(client, {
        unlessAborted: (next) => (args) => {
          options.signal?.throwIfAborted();
          return next(args);
        },
        record: record({ region, now, onCall, observe: () => {} }),
      });
      clients.push(client);
      return client;
    },
    close() {
      for (const client of clients.splice(0)) client.destroy();
    },
  };
}
