import { keyMonthlyUsd, soFarUsd } from '../kms/price.js';
import type { StatusKey } from './events.js';
import { type FoundKey, isPending } from './found.js';
import { inParallel } from './in-parallel.js';
import type { Prepared } from './prepare.js';
import { rotationsOf } from './read.js';
import { factsOf } from './tell.js';

/** What each key of an account is and costs, in the order in which they were found. */
export async function statusOf({ access, sweep, clients }: Prepared, now: number): Promise<StatusKey[]> {
  const told = new Map<FoundKey, StatusKey>();
  await inParallel(sweep.keys, 20, async (key) => {
    const rotations = isPending(key.state) ? [] : await rotationsOf(clients.kms(key.region), key.keyId);
    const { deletionDate } = key;
    const cost = costOf(key, rotations, now);
    told.set(key, {
      type: 'status:key',
      ...factsOf(access.account, key, now),
      ...(deletionDate && { deletionDate }),
      ...cost,
    });
  });
  return sweep.keys.flatMap((key) => told.get(key) ?? []);
}

/** Nothing while deletion is scheduled; AWS does not tell since when, so what such a key has cost is not known. */
function costOf(key: FoundKey, rotations: Date[] | undefined, now: number) {
  if (isPending(key.state)) return { monthlyUsd: 0, soFarUsd: null, rotations: null };
  const created = key.created?.getTime() ?? Date.parse(key.ownership.created);
  const times = (rotations ?? []).map((date) => date.getTime());
  return {
    monthlyUsd: keyMonthlyUsd(times.length),
    soFarUsd: soFarUsd([created, ...times], now),
    rotations: rotations ? times.length : null,
  };
}
