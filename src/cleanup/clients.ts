import { KMS } from '@aws-sdk/client-kms';
import type { Connection } from '../kms/connection.js';
import { wrap } from '../kms/middleware.js';
import { narrowRetries } from '../kms/retry.js';
import { Pace, type PaceOptions } from './pace.js';

/** SDK clients of one account, one per Region, made when first asked for. */
export interface Clients {
  kms(region: string): KMS;
  /** What all of them keep to. */
  pace: Pace;
  /** Close their sockets; may be called twice. */
  close(): void;
}

/** Clients that keep to a share of AWS's request quotas and wait out throttling. */
export function clients(connection: Connection, options: PaceOptions = {}): Clients {
  const pace = new Pace(options);
  const made = new Map<string, KMS>();
  return {
    pace,
    kms(region) {
      const known = made.get(region);
      if (known) return known;
      const client = new KMS(connection.config('kms', region));
      // Throttling is waited out here, where the pace is known, and not by the SDK.
      narrowRetries(client);
      wrap(client, { pace: pace.middleware(region) });
      made.set(region, client);
      return client;
    },
    close() {
      for (const client of made.values()) client.destroy();
      made.clear();
    },
  };
}
