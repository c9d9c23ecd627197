import type { Connection } from '../kms/connection.js';
import { apply, type DoneKey, type FailedKey, type KeptKey, summary } from './apply.js';
import { clients } from './clients.js';
import { monthlyOf } from './cost.js';
import { find } from './find.js';
import type { Sweep, UnreadableKey } from './found.js';
import { plan } from './plan.js';

/** What `--cleanup` came to. Left-overs are what is in `failed`. */
export interface CleanupResult {
  scheduled: DoneKey[];
  kept: KeptKey[];
  failed: FailedKey[];
}

/**
 * Schedule the deletion of every key that a run made, found by its run tag; replicas too, in whatever Region. A key that the
 * run reused bears the tag of the run that made it, so it stays. So does one that opens a file which the learner encrypted.
 * @throws what kept a Region from being searched
 */
export async function removeRun(
  { connection, region }: { connection: Connection; region: string },
  run: string,
  filesUnder?: (keyArn: string) => readonly string[],
): Promise<CleanupResult> {
  // A run's few keys: no need to leave half of the quota to others.
  const { kms, close } = clients(connection, { share: 1 });
  try {
    const look = async (regions: readonly string[]): Promise<Sweep> => {
      const sweep = await find({ kms, regions, filter: { run } });
      if (sweep.unswept[0]) throw sweep.unswept[0].error;
      return sweep;
    };
    const { keys, unreadable } = await look([region]);
    const elsewhere = new Set(keys.flatMap(({ relatives = [] }) => relatives));
    if (elsewhere.size > 0) {
      const there = await look([...elsewhere]);
      keys.push(...there.keys);
      unreadable.push(...there.unreadable);
    }
    // Of a key whose tags can't be read nothing is known; one that says it is this run's would be left behind.
    const left = unreadable.filter(({ ownership }) => ownership).map(unread);
    const planned = plan({ keys, unreadable: [] }, { now: Date.now(), ...(filesUnder && { filesUnder }) });
    const { done, kept, failed } = await apply(planned, { kms });
    const skipped = planned.skips.flatMap(({ key, reason }) =>
      key.type === 'key' ? [{ ...summary(key), reason }] : [],
    );
    return { scheduled: done, kept: [...skipped, ...kept], failed: [...failed, ...left] };
  } finally {
    close();
  }
}

const unread = ({ keyId, region, reason }: UnreadableKey): FailedKey => ({
  keyId,
  region,
  monthlyUsd: monthlyOf({}),
  kind: 'denied',
  message: reason,
});
