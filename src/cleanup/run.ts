import { KMS } from '@aws-sdk/client-kms';
import type { Connection } from '../kms/connection.js';
import { apply, type CleanupResult } from './apply.js';
import { type Found, find } from './find.js';
import { plan } from './plan.js';

/** SDK clients, one per Region, made when first asked for. */
export interface Clients {
  kms(region: string): KMS;
  /** Close their sockets; may be called twice. */
  close(): void;
}

export function clients(connection: Connection): Clients {
  const made = new Map<string, KMS>();
  return {
    kms(region) {
      const client = made.get(region) ?? new KMS(connection.config('kms', region));
      made.set(region, client);
      return client;
    },
    close() {
      for (const client of made.values()) client.destroy();
      made.clear();
    },
  };
}

/**
 * Schedule the deletion of every key that a run made, found by its run tag. A key that the run reused bears the tag of the
 * run that made it, so it stays.
 * @throws what kept a Region from being searched
 */
export async function removeRun(
  { connection, region }: { connection: Connection; region: string },
  run: string,
): Promise<CleanupResult> {
  const { kms, close } = clients(connection);
  try {
    const found: Found[] = [];
    for await (const one of find({ kms, regions: [region], filter: { run } })) {
      if (one.type === 'unswept') throw one.error;
      if (one.type === 'key') found.push(one); // a key that can't be read is not this run's: it could read its own
    }
    return await apply(plan(found), { kms });
  } finally {
    close();
  }
}
