import type { Owned } from '../kms/tags.js';
import type { ApplyOptions } from './apply.js';
import type { AccountSwept, CleanupAction, CleanupEvent, KeyFacts, PlannedKey, SkippedKey } from './events.js';
import type { FoundKey } from './found.js';
import type { Change, Skip } from './plan.js';
import type { Prepared } from './prepare.js';

/** What was found in an account, as an event. */
export function accountEvent({ access, sweep }: Pick<Prepared, 'access' | 'sweep'>): AccountSwept {
  const { account, identity, role } = access;
  const { swept, unswept, counts, owners } = sweep;
  return {
    type: 'cleanup:account',
    account,
    identity,
    ...(role && { role }),
    swept,
    unswept: unswept.map(({ region, why, reason }) => ({ region, why, reason })),
    counts,
    owners: [...owners].sort(),
  };
}

export function changeEvent(account: string, { key, steps, reason, endDate }: Change, now: number): PlannedKey {
  const restores = steps.some((step) => step.do === 'cancel deletion');
  const type = restores ? 'cleanup:restore' : 'cleanup:remove';
  return { type, ...factsOf(account, key, now), steps, reason, ...(endDate && { endDate }) };
}

export function skipEvent(account: string, { key, why, reason }: Skip, now: number): SkippedKey {
  const common = { type: 'cleanup:skip', why, reason } as const;
  if (key.type === 'key') return { ...common, ...factsOf(account, key, now) };
  const { region, keyId, ownership } = key;
  const name = { account, region, keyId };
  return ownership ? { ...common, ...name, ...tagFacts(ownership, now) } : { ...common, ...name };
}

/** A key as every event about one names it. */
export function factsOf(account: string, key: FoundKey, now: number): KeyFacts {
  const { region, keyId, aliases, state, ownership } = key;
  return { account, region, keyId, ...tagFacts(ownership, now, key.created), aliases, state };
}

/** What the tags of a key say; its age by AWS's time if that is known. */
function tagFacts({ alias, lab, namespace, owner, run, created }: Owned, now: number, made?: Date) {
  const ageMs = Math.max(0, now - (made?.getTime() ?? Date.parse(created)));
  return { alias, lab, namespace, owner, run, created, ageMs };
}

/** Tell of each key that was changed, kept or failed. */
export function appliedEvents(
  account: string,
  action: CleanupAction,
  emit: (event: CleanupEvent) => void,
): Pick<ApplyOptions, 'onDone' | 'onKept' | 'onFailed'> {
  return {
    onDone: ({ keyId, region, state, deletionDate, note }, { key }) =>
      emit({
        type: action === 'undo' ? 'cleanup:restored' : 'cleanup:removed',
        ...{ account, region, keyId, lab: key.ownership.lab, state },
        ...(deletionDate && { deletionDate }),
        ...(note && { note }),
      }),
    onKept: ({ keyId, region, reason }, { key }) =>
      emit({ type: 'cleanup:kept', account, region, keyId, lab: key.ownership.lab, reason }),
    onFailed: ({ keyId, region, kind, message }, { key }) =>
      emit({ type: 'cleanup:failed', account, region, keyId, lab: key.ownership.lab, kind, message }),
  };
}
