/** What cleanup says about itself: plain data, in order. Reporters and `--json` see nothing else. */
export type CleanupEvent =
  | CleanupStart
  | AccountSwept
  | AccountFailed
  | PlannedKey
  | SkippedKey
  | CleanupPlan
  | ChangedKey
  | KeptKeyEvent
  | FailedKeyEvent
  | FileKept
  | CleanupEnd;

/** Schedule deletion, or take a scheduled deletion back. */
export type CleanupAction = 'remove' | 'undo';

export interface CleanupStart {
  type: 'cleanup:start';
  action: CleanupAction;
  /** For people: "AWS", "embedded KMS", or the URL. */
  target: string;
  kind: 'aws' | 'local' | 'endpoint';
  /** All owners and all namespaces. */
  everyone: boolean;
  filter: { namespace?: string; lab?: string; run?: string; olderThanMs?: number };
}

/** An account whose keys have been looked at. */
export interface AccountSwept {
  type: 'cleanup:account';
  account: string;
  /** The caller's ARN there, or "unknown". */
  identity: string;
  /** The role that was assumed for it. */
  role?: string;
  swept: string[];
  unswept: { region: string; why: 'not enabled' | 'denied' | 'unreachable'; reason: string }[];
  /** All keys of the swept Regions, and of these: those without our tags, ours that stay by owner or filter, and unreadable ones. */
  counts: { keys: number; foreign: number; ofOthers: number; filtered: number; unreadable: number };
  /** Owners of the keys `ofOthers`. */
  owners: string[];
}

/** An account that could not be entered. */
export interface AccountFailed {
  type: 'cleanup:account-failed';
  role: string;
  kind: string;
  message: string;
}

/** A kms-lab key as every event about one names it. */
export interface KeyFacts {
  account: string;
  region: string;
  keyId: string;
  /** The alias name that the key was made for. */
  alias: string;
  /** All aliases that lead to it. */
  aliases: string[];
  lab: string;
  namespace: string;
  owner: string;
  run: string;
  /** ISO 8601. */
  created: string;
  ageMs: number;
  /** As DescribeKey says it. */
  state: string;
}

export interface PlannedKey extends KeyFacts {
  type: 'cleanup:remove' | 'cleanup:restore';
  steps: ({ do: string } & Record<string, unknown>)[];
  reason: string;
  /** When the key is gone at the earliest. */
  endDate?: Date;
}

/** A key that stays as it is; of one that can't be read only its name is known, and at best what its tags say. */
export type SkippedKey = { type: 'cleanup:skip'; why: string; reason: string } & (
  | KeyFacts
  | (Omit<KeyFacts, 'aliases' | 'state'> & { aliases?: never; state?: never })
  | (Pick<KeyFacts, 'account' | 'region' | 'keyId'> & { lab?: never; state?: never })
);

export interface CleanupPlan {
  type: 'cleanup:plan';
  accounts: number;
  keys: number;
  aliases: number;
  files: number;
  skipped: number;
  /** What is saved a month, or with `--undo` what is paid again, in US dollars. */
  monthlyUsd: number;
  /** How long it takes at the pace that was asked for. */
  seconds: number;
  /** Share of AWS's request quotas that is used. */
  rate: number;
}

export interface ChangedKey {
  type: 'cleanup:removed' | 'cleanup:restored';
  account: string;
  region: string;
  keyId: string;
  lab: string;
  state: string;
  deletionDate?: Date;
  note?: string;
}

export interface KeptKeyEvent {
  type: 'cleanup:kept';
  account: string;
  region: string;
  keyId: string;
  lab: string;
  reason: string;
}

export interface FailedKeyEvent {
  type: 'cleanup:failed';
  account: string;
  region: string;
  keyId: string;
  lab: string;
  kind: string;
  message: string;
}

export interface FileKept {
  type: 'cleanup:file-kept';
  path: string;
  reason: string;
}

export interface CleanupEnd {
  type: 'cleanup:end';
  action: CleanupAction;
  outcome: 'passed' | 'failed';
  exitCode: number;
  /** The plan was all that was asked for. */
  dryRun: boolean;
  /** Keys that were changed and read back. */
  keys: number;
  failed: number;
  /** Paths that were removed. */
  files: string[];
  durationMs: number;
  error?: { kind: string; message: string; hint: string };
}

/** What `kms-lab status` says: accounts, their keys, and the sum. */
export type StatusEvent = StatusStart | AccountSwept | AccountFailed | StatusKey | StatusEnd;

export interface StatusStart extends Omit<CleanupStart, 'type' | 'action'> {
  type: 'status:start';
}

export interface StatusKey extends KeyFacts {
  type: 'status:key';
  /** In US dollars; nothing while deletion is scheduled. */
  monthlyUsd: number;
  /** In US dollars since it was made; null for a key whose deletion is scheduled: AWS does not tell since when. */
  soFarUsd: number | null;
  /** null when it is not known. */
  rotations: number | null;
  /** When AWS deletes it at the earliest. */
  deletionDate?: Date;
}

export interface StatusEnd {
  type: 'status:end';
  outcome: 'passed' | 'failed';
  exitCode: number;
  /** Keys that are not about to be deleted. */
  keys: number;
  pending: number;
  monthlyUsd: number;
  soFarUsd: number;
}
