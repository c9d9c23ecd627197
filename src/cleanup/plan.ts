import { monthlyUsd } from '../kms/price.js';
import { sameOwner } from '../kms/tags.js';
import type { Found, FoundKey, UnreadableKey } from './find.js';

/** What is done to a key, in this order. */
export type Step = { do: 'delete alias'; alias: string } | { do: 'schedule deletion'; days: number };

/** A key that cleanup will act on. */
export interface Removal {
  key: FoundKey;
  steps: Step[];
  /** For people: what happens and what follows from it. */
  reason: string;
}

export type SkipReason = 'already pending deletion' | 'used by others' | 'of another owner' | 'not readable';

/** A key that stays as it is. */
export interface Skip {
  key: FoundKey | UnreadableKey;
  why: SkipReason;
  /** The reason in full, for people. */
  reason: string;
}

export interface Plan {
  removals: Removal[];
  skips: Skip[];
  /** Regions that could not be searched. */
  unswept: { region: string; reason: string; error: unknown }[];
  /** What the scheduled keys cost a month until now, in US dollars. */
  savesMonthlyUsd: number;
}

export interface PlanOptions {
  /** The caller's ARN: the keys of others are skipped. Without it, everybody's are planned. */
  owner?: string;
  /** The waiting period in days, 7 to 30 (ScheduleKeyDeletion). */
  days?: number;
}

/** Decide what to do with what was found. Pure: it reads nothing and changes nothing. */
export function plan(found: Iterable<Found>, { owner, days = 7 }: PlanOptions = {}): Plan {
  const removals: Removal[] = [];
  const skips: Skip[] = [];
  const unswept: Plan['unswept'] = [];
  for (const one of found) {
    if (one.type === 'unswept') unswept.push({ region: one.region, reason: one.reason, error: one.error });
    else if (one.type === 'unreadable') skips.push({ key: one, why: 'not readable', reason: one.reason });
    else {
      const decided = decide(one, days, owner);
      if ('why' in decided) skips.push(decided);
      else removals.push(decided);
    }
  }
  // A primary's own waiting period begins when its last replica is gone, so replicas go first.
  removals.sort((a, b) => rank(a.key) - rank(b.key));
  const scheduled = removals.filter(({ steps }) => steps.some((step) => step.do === 'schedule deletion'));
  return { removals, skips, unswept, savesMonthlyUsd: monthlyUsd(scheduled.length) };
}

/** Key states in which AWS has deletion scheduled already (Developer Guide, "Key states"). */
export const isPending = (state: string) => state === 'PendingDeletion' || state === 'PendingReplicaDeletion';

/** Whether an alias is one that kms-lab put on this key; any other means that somebody uses the key. */
export function isOurs(alias: string, key: Pick<FoundKey, 'ownership'>): boolean {
  return alias === key.ownership.alias;
}

function decide(key: FoundKey, days: number, owner: string | undefined): Removal | Skip {
  const { ownership, state } = key;
  if (owner !== undefined && !sameOwner(ownership, owner))
    return { key, why: 'of another owner', reason: `belongs to ${ownership.owner}` };
  const steps: Step[] = key.aliases
    .filter((alias) => isOurs(alias, key))
    .map((alias) => ({ do: 'delete alias', alias }));
  if (isPending(state)) {
    // DeleteAlias works in every key state; the name would otherwise be taken until the key is really gone.
    if (steps.length > 0) return { key, steps, reason: 'already pending deletion: only its alias is removed' };
    return { key, why: 'already pending deletion', reason: `already pending deletion${until(key.deletionDate)}` };
  }
  const foreign = key.aliases.filter((alias) => !isOurs(alias, key));
  if (foreign.length > 0)
    return { key, why: 'used by others', reason: `bears an alias that kms-lab did not make: ${foreign.join(', ')}` };
  steps.push({ do: 'schedule deletion', days });
  const waits = key.multiRegion === 'PRIMARY' ? ', counted from when its replicas are gone' : '';
  return { key, steps, reason: `schedule deletion, ${days} days${waits}` };
}

const until = (date: Date | undefined) => (date ? `, gone from ${date.toISOString().slice(0, 10)}` : '');

const rank = (key: FoundKey) => (key.multiRegion === 'PRIMARY' ? 1 : 0);
