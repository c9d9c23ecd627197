import { setTimeout as sleep } from 'node:timers/promises';
import type { KMS, KMSServiceException } from '@aws-sdk/client-kms';
import { classify, type Kind, LabError } from '../errors.js';
import { monthlyUsd } from '../kms/price.js';
import type { KeySummary } from '../lab/events.js';
import { aliasesOf, type FoundKey } from './find.js';
import { isOurs, isPending, type Plan, type Removal } from './plan.js';

/** A key whose deletion is scheduled now, read back from AWS; `gone` when it no longer exists at all. */
export interface ScheduledKey extends KeySummary {
  state: string;
  /** The earliest end. A primary with replicas has none yet. */
  deletionDate?: Date;
}
export interface KeptKey extends KeySummary {
  reason: string;
}
export interface FailedKey extends KeySummary {
  kind: Kind;
  message: string;
}

/** What cleanup came to. Left-overs are what is in `failed`. */
export interface CleanupResult {
  scheduled: ScheduledKey[];
  kept: KeptKey[];
  failed: FailedKey[];
}

export interface ApplyOptions {
  kms(region: string): KMS;
  /** Finish the key in hand, then leave the rest. */
  signal?: AbortSignal;
  /** Told after each key. */
  onProgress?(done: number, of: number): void;
  /** How to wait between two looks at an eventually consistent AWS. */
  pause?(milliseconds: number): Promise<unknown>;
}

/** Looks at a key before its state is believed: 1.5 s + 3 s + … , 22 s in all. Changes mostly show in seconds. */
const looks = 6;

/**
 * Carry out a plan, key by key, and read each one back. May be repeated: what is scheduled or gone already is success.
 * A key that fails does not stop the others, unless no call can succeed any more (credentials, network).
 */
export async function apply(plan: Plan, options: ApplyOptions): Promise<CleanupResult> {
  const result: CleanupResult = { scheduled: [], kept: plan.skips.map(keptBySkip), failed: [] };
  let stopped: { kind: Kind; message: string } | undefined;
  for (const [at, removal] of plan.removals.entries()) {
    if (options.signal?.aborted) stopped ??= { kind: 'interrupted', message: 'not tried: interrupted' };
    if (stopped) {
      result.failed.push({ ...summary(removal.key), ...stopped });
      continue;
    }
    try {
      await carryOut(removal, options, result);
    } catch (error) {
      const { kind, message } = classify(error);
      result.failed.push({ ...summary(removal.key), kind, message });
      if (kind === 'credentials' || isNetwork(error)) stopped = { kind, message: `not tried: ${message}` };
    }
    options.onProgress?.(at + 1, plan.removals.length);
  }
  return result;
}

async function carryOut({ key, steps }: Removal, options: ApplyOptions, result: CleanupResult): Promise<void> {
  const client = options.kms(key.region);
  // Since the plan was made a later run may have taken the alias, or somebody may have begun to use the key.
  const now = await unlessMissing(aliasesOf(client, key.keyId), []);
  const foreign = now.filter((alias) => !isOurs(alias, key));
  const schedules = steps.some((step) => step.do === 'schedule deletion');
  if (foreign.length > 0 && schedules) {
    result.kept.push({
      ...summary(key),
      reason: `now bears an alias that kms-lab did not make: ${foreign.join(', ')}`,
    });
    return;
  }
  for (const step of steps) {
    if (step.do === 'schedule deletion') await schedule(client, key, step.days);
    else if (now.includes(step.alias)) await unlessMissing(client.deleteAlias({ AliasName: step.alias }), undefined);
  }
  const seen = await readBack(client, key, options.pause ?? sleep);
  result.scheduled.push({ ...summary(key), ...seen });
}

/** KMSInvalidState may mean that it is scheduled already: reading back tells. */
async function schedule(client: KMS, key: FoundKey, days: number): Promise<void> {
  try {
    await client.scheduleKeyDeletion({ KeyId: key.keyId, PendingWindowInDays: days });
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return;
    if (!isNamed(error, 'KMSInvalidStateException')) throw error;
    const state = await unlessMissing(stateOf(client, key), { state: 'gone' });
    if (!isEnd(state.state)) throw error;
  }
}

/** What AWS says of the key now: pending deletion or gone, and no alias of ours on it; throws when that does not come. */
async function readBack(client: KMS, key: FoundKey, pause: (milliseconds: number) => Promise<unknown>) {
  let left = '';
  for (let look = 1; look <= looks; look++) {
    const now = await unlessMissing(stateOf(client, key), { state: 'gone' });
    const aliases = await unlessMissing(aliasesOf(client, key.keyId), []);
    const ours = aliases.filter((alias) => isOurs(alias, key));
    if (isEnd(now.state) && ours.length === 0) return now;
    left = isEnd(now.state) ? `${ours.join(', ')} still leads to it` : `its state is still ${now.state}`;
    if (look < looks) await pause(look * 1500);
  }
  throw new LabError('leftovers', `deletion was asked for, but ${left}`);
}

async function stateOf(client: KMS, key: FoundKey): Promise<{ state: string; deletionDate?: Date }> {
  const { KeyMetadata } = await client.describeKey({ KeyId: key.keyId });
  const deletionDate = KeyMetadata?.DeletionDate;
  return { state: KeyMetadata?.KeyState ?? 'unknown', ...(deletionDate && { deletionDate }) };
}

async function unlessMissing<T>(call: Promise<T>, missing: T): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return missing;
    throw error;
  }
}

/** No answer came at all: a throttled call or a 5xx has a status, and the next key may fare better. */
const isNetwork = (error: unknown) =>
  classify(error).kind === 'unreachable' && (error as KMSServiceException).$metadata?.httpStatusCode === undefined;
const isEnd = (state: string) => isPending(state) || state === 'gone';
const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

function summary(key: Pick<FoundKey, 'keyId' | 'region' | 'state' | 'aliases'>): KeySummary {
  const [alias] = key.aliases;
  return {
    keyId: key.keyId,
    region: key.region,
    ...(alias && { alias }),
    monthlyUsd: isPending(key.state) ? 0 : monthlyUsd(1),
  };
}

function keptBySkip({ key, reason }: Plan['skips'][number]): KeptKey {
  if (key.type === 'key') return { ...summary(key), reason };
  return { keyId: key.keyId, region: key.region, monthlyUsd: 0, reason };
}
