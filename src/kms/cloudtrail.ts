import type { CloudTrail, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-cloudtrail';
import type { FinalizeRequestMiddleware, InitializeMiddleware } from '@smithy/types';
import type { Connection } from './connection.js';
import { isThrottled, operationOf, wrap } from './middleware.js';
import { record } from './record.js';
import { narrowRetries } from './retry.js';
import { pause, stopIfAborted, type Waiting } from './wait.js';

type RecordOptions = Omit<Parameters<typeof record>[0], 'region' | 'service'>;

/** CloudTrail's clients of a run, each made when it is first asked for; the SDK is loaded then. */
export interface CloudTrailClients {
  in(region: string): Promise<CloudTrail>;
  /** May be called twice. */
  close(): Promise<void>;
}

/**
 * CloudTrail answers two requests a second in an account and Region (API reference, LookupEvents), whoever asks. A run takes
 * half of them at most, its retries included.
 */
const apartMs = 1_000;

/** Clients whose calls are recorded as those of KMS are, follow one another slowly, and wait out throttling. */
export function cloudTrailClients(
  connection: Connection,
  options: RecordOptions & { waiting: Waiting },
): CloudTrailClients {
  const { waiting, ...recorded } = options;
  const clients = new Map<string, Promise<CloudTrail>>();
  const make = async (region: string) => {
    const { CloudTrail } = await import('@aws-sdk/client-cloudtrail');
    const client = new CloudTrail(connection.config('cloudtrail', region));
    narrowRetries(client);
    wrap<ServiceInputTypes, ServiceOutputTypes>(client, {
      record: record({ ...recorded, region, service: 'cloudtrail' }),
      throttled: throttled(waiting, region),
    });
    const slowly = paced(waiting, connection.unmetered ? 0 : apartMs);
    client.middlewareStack.add(slowly, { step: 'finalizeRequest', priority: 'low', name: 'kmsLab-paced' });
    return client;
  };
  return {
    in(region) {
      const client = clients.get(region) ?? make(region);
      clients.set(region, client);
      return client;
    },
    async close() {
      const made = [...clients.values()];
      clients.clear();
      for (const client of made) (await client).destroy();
    },
  };
}

function throttled(waiting: Waiting, region: string): InitializeMiddleware<ServiceInputTypes, ServiceOutputTypes> {
  return (next, context) => async (args) => {
    const started = waiting.now();
    for (let attempt = 0; ; attempt++) {
      stopIfAborted(waiting.signal);
      try {
        return await next(args);
      } catch (error) {
        const what = `${region}: CloudTrail throttles ${operationOf(context)}`;
        if (!isThrottled(error) || !(await pause(waiting, what, started, attempt))) throw error;
      }
    }
  };
}

/** Each attempt waits for its turn. */
function paced(waiting: Waiting, apart: number): FinalizeRequestMiddleware<ServiceInputTypes, ServiceOutputTypes> {
  let free = 0;
  return (next) => async (args) => {
    const turn = Math.max(free, waiting.now());
    free = turn + apart;
    const wait = turn - waiting.now();
    if (wait > 0) await waiting.sleep(wait, waiting.signal).catch(() => stopIfAborted(waiting.signal));
    stopIfAborted(waiting.signal);
    return await next(args);
  };
}
