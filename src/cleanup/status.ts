import { monthlyOf, soFarOf } from './cost.js';
import type { StatusKey } from './events.js';
import { type FoundKey, isPending } from './found.js';
import type { Prepared } from './prepare.js';
import { factsOf } from './tell.js';

/** What each key of an account is and costs, in the order in which they were found. */
export const statusOf = ({ access, sweep }: Pick<Prepared, 'access' | 'sweep'>, now: number): StatusKey[] =>
  sweep.keys.map((key) => ({
    type: 'status:key',
    ...factsOf(access.account, key, now),
    ...(key.deletionDate && { deletionDate: key.deletionDate }),
    ...costOf(key, now),
  }));

/** Nothing while deletion is scheduled; AWS does not tell since when, so what such a key has cost is not known. */
function costOf(key: FoundKey, now: number): Pick<StatusKey, 'monthlyUsd' | 'soFarUsd' | 'rotations'> {
  if (isPending(key.state)) return { monthlyUsd: 0, soFarUsd: null, rotations: null };
  return { monthlyUsd: monthlyOf(key), soFarUsd: soFarOf(key, now), rotations: key.rotations?.length ?? null };
}
