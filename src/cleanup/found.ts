import type { Ownership } from '../kms/connection.js';
import type { Owned } from '../kms/tags.js';

/** Narrows a search; what is not given matches everything. */
export interface Filter extends Partial<Pick<Ownership, 'owner' | 'namespace' | 'lab' | 'run'>> {
  /** Only keys asked for at least so many milliseconds ago. */
  olderThanMs?: number;
}

/** A key that bears all our tags, as AWS described it. */
export interface FoundKey {
  type: 'key';
  region: string;
  keyId: string;
  arn: string;
  ownership: Owned;
  /** All aliases that lead to it, ours or not ("alias/…"). */
  aliases: string[];
  /** As DescribeKey says it: "Enabled", "PendingDeletion"… */
  state: string;
  created?: Date;
  /** When AWS deletes it at the earliest, once that is scheduled. */
  deletionDate?: Date;
  /** When it was rotated, the eldest first; absent when that was not asked, or is not known. */
  rotations?: Date[];
  /** Days that a primary which waits for its replicas is kept after the last of them. */
  pendingDays?: number;
  multiRegion?: 'PRIMARY' | 'REPLICA';
  /** Regions of the other keys of a multi-Region set. */
  relatives?: string[];
}

/** A key that the caller may not read. */
export interface UnreadableKey {
  type: 'unreadable';
  region: string;
  keyId: string;
  reason: string;
  /** Its tags could be read, and it is one that was searched for; without them, whose it is can't be told. */
  ownership?: Owned;
}

export type Swept = FoundKey | UnreadableKey;

/** A Region that could not be searched. */
export interface SweptNot {
  region: string;
  why: 'not enabled' | 'denied' | 'unreachable';
  reason: string;
  error: unknown;
}

/** What a search came to: our keys, and of all others how many there are. */
export interface Sweep {
  keys: FoundKey[];
  /** Those of kms-lab, and the first of the others; `counts.unreadable` tells how many there are. */
  unreadable: UnreadableKey[];
  unswept: SweptNot[];
  swept: string[];
  counts: {
    /** All keys of the Regions that were searched. */
    keys: number;
    /** Keys of kms-lab that match but belong to another owner than the one asked for. */
    ofOthers: number;
    /** Keys of kms-lab that the rest of the filter leaves out. */
    filtered: number;
    /** Keys that do not bear our tags. */
    foreign: number;
    unreadable: number;
  };
  /** Whose the keys `ofOthers` are. */
  owners: Set<string>;
}

/** Whether a key is one that the filter asks for, its owner aside. */
export function fits(ownership: Owned, filter: Filter, now: number): boolean {
  const named = ['namespace', 'lab', 'run'] as const;
  if (named.some((tag) => filter[tag] !== undefined && filter[tag] !== ownership[tag])) return false;
  return filter.olderThanMs === undefined || now - Date.parse(ownership.created) >= filter.olderThanMs;
}

/** Key states in which AWS has deletion scheduled already (Developer Guide, "Key states"). */
export const isPending = (state: string) => state === 'PendingDeletion' || state === 'PendingReplicaDeletion';

/** Whether an alias is one that kms-lab put on this key; any other means that somebody uses the key. */
export function isOurs(alias: string, key: Pick<FoundKey, 'ownership'>): boolean {
  return alias === key.ownership.alias;
}
