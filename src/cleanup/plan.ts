import { monthlyOfAll } from './cost.js';
import { type FoundKey, isOurs, isPending, type Sweep, type UnreadableKey } from './found.js';

/** One thing that is done to a key. */
export type Step =
  | { do: 'delete alias'; alias: string }
  | { do: 'schedule deletion'; days: number }
  | { do: 'cancel deletion' }
  | { do: 'enable' }
  | { do: 'create alias'; alias: string };

/** A key that is acted on. */
export interface Change {
  key: FoundKey;
  /** In this order. */
  steps: Step[];
  /** For people: what happens and what follows from it. */
  reason: string;
  /** When the key is gone at the earliest; AWS takes up to a day more. Absent where nobody can say. */
  endDate?: Date;
  /** All changes of phase 0 come before those of phase 1. */
  phase: 0 | 1;
}

export type SkipReason =
  | 'already pending deletion'
  | 'not pending deletion'
  | 'made for one step'
  | 'used by others'
  | 'opens files'
  | 'not readable';

/** A key that stays as it is. */
export interface Skip {
  key: FoundKey | UnreadableKey;
  why: SkipReason;
  /** The reason in full, for people. */
  reason: string;
}

export interface Plan {
  changes: Change[];
  skips: Skip[];
  /** What the keys that change cost a month, in US dollars: until now, or for `--undo` from now on. */
  monthlyUsd: number;
}

export interface PlanOptions {
  /** Milliseconds since 1970: from here the waiting period is counted. */
  now: number;
  /** The waiting period in days, 7 to 30 (ScheduleKeyDeletion). */
  days?: number;
  /** Schedule keys too that bear an alias which kms-lab did not make. */
  includeUsed?: boolean;
  /** The learner's files that still exist and that nothing but the key of this ARN opens; none unless given. */
  filesUnder?(keyArn: string): readonly string[];
}

const dayMs = 86_400_000;

type Decided = Change | Skip;
type Found = Pick<Sweep, 'keys' | 'unreadable'>;

/** Decide what to do with what was found. Pure: it reads nothing and changes nothing. */
export function plan(found: Found, options: PlanOptions): Plan {
  const skips: Skip[] = found.unreadable.map((key) => ({ key, why: 'not readable', reason: key.reason }));
  const decided = new Map<FoundKey, Decided>();
  // A primary's own waiting period begins when its last replica is gone: what becomes of replicas is decided first.
  for (const key of found.keys) if (!isPrimary(key)) decided.set(key, decide(key, options));
  const ends = endsOf(decided);
  for (const key of found.keys) if (isPrimary(key)) decided.set(key, decide(key, options, ends));
  const changes: Change[] = [];
  for (const key of found.keys) {
    const one = decided.get(key);
    if (one && 'why' in one) skips.push(one);
    else if (one) changes.push(one);
  }
  changes.sort((a, b) => a.phase - b.phase);
  const scheduled = changes.filter(({ steps }) => steps.some((step) => step.do === 'schedule deletion'));
  return { changes, skips, monthlyUsd: monthlyOfAll(scheduled.map(({ key }) => key)) };
}

const isPrimary = (key: FoundKey) => key.multiRegion === 'PRIMARY';

/** When each key is gone at the earliest, by Region and key id. */
function endsOf(decided: ReadonlyMap<FoundKey, Decided>): Map<string, Date> {
  const ends = new Map<string, Date>();
  for (const [key, one] of decided) {
    const end = 'why' in one ? key.deletionDate : one.endDate;
    if (end) ends.set(`${key.region} ${key.keyId}`, end);
  }
  return ends;
}

function decide(key: FoundKey, options: PlanOptions, ends: ReadonlyMap<string, Date> = new Map()): Decided {
  const steps: Step[] = key.aliases
    .filter((alias) => isOurs(alias, key))
    .map((alias) => ({ do: 'delete alias', alias }));
  if (isPending(key.state)) return pending(key, steps);
  const foreign = key.aliases.filter((alias) => !isOurs(alias, key));
  if (foreign.length > 0 && !options.includeUsed)
    return { key, why: 'used by others', reason: `bears an alias that kms-lab did not make: ${foreign.join(', ')}` };
  const files = options.filesUnder?.(key.arn) ?? [];
  if (files.length > 0) return { key, why: 'opens files', reason: `opens ${listed(files)} (--lose-files)` };
  const days = options.days ?? 7;
  steps.push({ do: 'schedule deletion', days });
  const used = foreign.length > 0 ? `; ${foreign.join(', ')} goes with it` : '';
  const { reason, endDate } = ending(key, days, options.now, ends);
  return { key, steps, reason: reason + used, ...(endDate && { endDate }), phase: isPrimary(key) ? 1 : 0 };
}

/** The first three, and how many more. */
function listed(files: readonly string[]): string {
  const more = files.length > 3 ? ` and ${files.length - 3} more` : '';
  return `${files.length === 1 ? 'a file' : 'files'} that you encrypted: ${files.slice(0, 3).join(', ')}${more}`;
}

/** DeleteAlias works in every key state; the name would otherwise be taken until the key is really gone. */
function pending(key: FoundKey, steps: Step[]): Decided {
  const { deletionDate } = key;
  const phase = isPrimary(key) ? 1 : 0;
  if (steps.length > 0) {
    const reason = 'already pending deletion: only its alias is removed';
    return { key, steps, reason, ...(deletionDate && { endDate: deletionDate }), phase };
  }
  const waits = key.state === 'PendingReplicaDeletion' ? `: waits for its replicas, then ${key.pendingDays} days` : '';
  const until = deletionDate ? `, gone from ${deletionDate.toISOString().slice(0, 10)}` : waits;
  return { key, why: 'already pending deletion', reason: `already pending deletion${until}` };
}

/** What AWS makes of ScheduleKeyDeletion: a primary with replicas waits in PendingReplicaDeletion for the last of them. */
function ending(
  key: FoundKey,
  days: number,
  now: number,
  ends: ReadonlyMap<string, Date>,
): { reason: string; endDate?: Date } {
  const replicas = isPrimary(key) ? (key.relatives ?? []) : [];
  if (replicas.length === 0)
    return { reason: `schedule deletion, ${days} days`, endDate: new Date(now + days * dayMs) };
  const staying = replicas.filter((region) => !ends.has(`${region} ${key.keyId}`));
  const one = replicas.length === 1;
  const waits = `schedule deletion: waits for its ${one ? 'replica' : 'replicas'} in ${replicas.join(', ')}`;
  if (staying.length > 0) return { reason: `${waits}; ${staying.join(', ')} stays, so it does not end` };
  const last = Math.max(...replicas.map((region) => ends.get(`${region} ${key.keyId}`)?.getTime() ?? 0));
  return { reason: `${waits}, then ${days} days`, endDate: new Date(last + days * dayMs) };
}
