import type { CloudTrail } from '@aws-sdk/client-cloudtrail';
import type { Connection } from './connection.js';
import { record } from './record.js';

type RecordOptions = Omit<Parameters<typeof record>[0], 'region' | 'service'>;

/** CloudTrail's clients of a run, each made when it is first asked for; the SDK is loaded then. */
export interface CloudTrailClients {
  in(region: string): Promise<CloudTrail>;
  /** May be called twice. */
  close(): Promise<void>;
}

/** Clients whose calls are recorded as those of KMS are; the SDK waits out CloudTrail's two requests a second by itself. */
export function cloudTrailClients(connection: Connection, options: RecordOptions): CloudTrailClients {
  const clients = new Map<string, Promise<CloudTrail>>();
  const make = async (region: string) => {
    const { CloudTrail } = await import('@aws-sdk/client-cloudtrail');
    const client = new CloudTrail({ ...connection.config('cloudtrail', region), maxAttempts: 10 });
    const middleware = record({ ...options, region, service: 'cloudtrail' });
    client.middlewareStack.add(middleware, { step: 'initialize', priority: 'high', name: 'kmsLab-record' });
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
