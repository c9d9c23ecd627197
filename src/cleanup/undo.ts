import type { KMS } from '@aws-sdk/client-kms';
import { monthlyOfAll } from './cost.js';
import { type FoundKey, isPending, type Sweep } from './found.js';
import { inParallel } from './in-parallel.js';
import type { Change, Plan, Skip, Step } from './plan.js';
import { unlessMissing } from './read.js';

/**
 * Plan to give keys back whose deletion is scheduled: cancel it, enable the key, and give it back the alias of its tag unless
 * that name leads elsewhere by now. A key that its lab made for one step stays scheduled. Reads where each name leads; changes nothing.
 */
export async function planUndo(found: Pick<Sweep, 'keys' | 'unreadable'>, kms: (region: string) => KMS): Promise<Plan> {
  const skips: Skip[] = found.unreadable.map((key) => ({ key, why: 'not readable', reason: key.reason }));
  const dying: FoundKey[] = [];
  for (const key of found.keys) {
    if (!isPending(key.state))
      skips.push({ key, why: 'not pending deletion', reason: `not pending deletion: it is ${key.state}` });
    else if (key.ownership.passing) skips.push({ key, why: 'made for one step', reason: passingReason });
    else dying.push(key);
  }
  const heirs = newestByAlias(dying);
  const changes = new Map<FoundKey, Change>();
  await inParallel(dying, 20, async (key) => {
    changes.set(key, await restore(key, heirs, kms(key.region)));
  });
  const ordered = dying.flatMap((key) => changes.get(key) ?? []).sort((a, b) => a.phase - b.phase);
  return { changes: ordered, skips, monthlyUsd: monthlyOfAll(ordered.map(({ key }) => key)) };
}

/** The lab itself scheduled the deletion of such a key. */
const passingReason = 'was made for one step of its lab, which ended it too: it stays scheduled';

async function restore(key: FoundKey, heirs: ReadonlyMap<string, FoundKey>, client: KMS): Promise<Change> {
  const { alias } = key.ownership;
  const steps: Step[] = [{ do: 'cancel deletion' }, { do: 'enable' }];
  let reason = 'cancel deletion, enable';
  if (!key.aliases.includes(alias)) {
    const taken = await takenBy(client, alias);
    if (taken) reason += `; its alias leads to ${taken} now, and stays there`;
    else if (heirs.get(nameOf(key)) !== key) reason += '; its alias goes to a newer key';
    else {
      steps.push({ do: 'create alias', alias });
      reason += ', give back its alias';
    }
  }
  // A primary first: a replica without its primary could not be managed.
  return { key, steps, reason, phase: key.multiRegion === 'REPLICA' ? 1 : 0 };
}

const takenBy = async (client: KMS, alias: string): Promise<string | undefined> =>
  (await unlessMissing(client.describeKey({ KeyId: alias }), undefined))?.KeyMetadata?.KeyId;

const nameOf = ({ region, ownership }: FoundKey) => `${region} ${ownership.alias}`;

/** Of several keys that had the same alias one after another, the newest gets it back. */
function newestByAlias(keys: readonly FoundKey[]): Map<string, FoundKey> {
  const heirs = new Map<string, FoundKey>();
  for (const key of keys) {
    const other = heirs.get(nameOf(key));
    if (!other || other.ownership.created < key.ownership.created) heirs.set(nameOf(key), key);
  }
  return heirs;
}
