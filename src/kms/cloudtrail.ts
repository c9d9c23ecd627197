import type { CloudTrail, ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-cloudtrail';
import type { FinalizeRequestMiddleware } from '@smithy/types';
import type { Connection } from './connection.js';
import { wrap } from './middleware.js';
import { record } from './record.js';
import { narrowRetries } from './retry.js';
import { throttled } from './throttled.js';
import { stopIfAborted, type Waiting } from './wait.js';

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
      throttled: throttled(waiting, `${region}: CloudTrail`),
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
