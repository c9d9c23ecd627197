import type { KMS } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import { type FoundKey, isOurs, isPending } from './found.js';
import type { Change, Step } from './plan.js';
import { aliasesOf, describedBy, isNamed, unlessMissing } from './read.js';
import type { Time } from './time.js';

/** What AWS says of a key after a change; `gone` when it no longer exists at all. */
export interface ReadBack {
  state: string;
  /** The earliest end. A primary with replicas has none yet. */
  deletionDate?: Date;
  /** What did not come about and need not: the alias was taken meanwhile. */
  note?: string;
}

/** The change was not made, for this reason. */
export interface Kept {
  kept: string;
}

/** Looks at a key before its state is believed: 1.5 s + 3 s + … , 22 s in all. Changes mostly show in seconds. */
const looks = 6;
const betweenMs = (look: number) => look * 1500;

/** Carry out one change and read it back. May be repeated: what is done or gone already is success. */
export async function carryOut(change: Change, client: KMS, time: Time): Promise<ReadBack | Kept> {
  const { key, steps } = change;
  // Since the plan was made a later run may have taken the alias, or somebody may have begun to use the key.
  const now = await unlessMissing(aliasesOf(client, key.keyId), none);
  const foreign = now.filter((alias) => !isOurs(alias, key) && !key.aliases.includes(alias));
  if (foreign.length > 0 && steps.some((step) => step.do === 'schedule deletion'))
    return { kept: `now bears an alias that kms-lab did not make: ${foreign.join(', ')}` };
  let note: string | undefined;
  for (const step of steps) {
    if (step.do === 'delete alias' && !now.includes(step.alias)) continue;
    note = (await perform(step, key, client, time)) ?? note;
  }
  const seen = await readBack(change, client, time, note !== undefined);
  return note ? { ...seen, note } : seen;
}

/** @returns a note when the step could not be done and need not be */
async function perform(step: Step, key: FoundKey, client: KMS, time: Time): Promise<string | undefined> {
  const KeyId = key.keyId;
  switch (step.do) {
    case 'delete alias':
      await unlessMissing(client.deleteAlias({ AliasName: step.alias }), undefined);
      return undefined;
    case 'schedule deletion':
      return await scheduleAllowed(client, key, step.days, time);
    case 'cancel deletion':
      await unlessAlready(client.cancelKeyDeletion({ KeyId }), client, KeyId, (state) => !isPending(state));
      return undefined;
    case 'enable':
      // A key whose material was never imported can't be enabled; it is again what it was.
      await unlessAlready(client.enableKey({ KeyId }), client, KeyId, (state) => isAlive(state));
      return undefined;
    case 'create alias':
      try {
        await client.createAlias({ AliasName: step.alias, TargetKeyId: KeyId });
        return undefined;
      } catch (error) {
        if (!isNamed(error, 'AlreadyExistsException')) throw error;
        return `${step.alias} was taken meanwhile`;
      }
    default:
      return step satisfies never;
  }
}

/** The longest waiting period (ScheduleKeyDeletion). */
const longestDays = 30;

/**
 * A policy may deny short waiting periods (kms:ScheduleKeyDeletionPendingWindowInDays), as lab key-policy shows: the key then goes
 * with the longest one. @returns a note when it came to that
 */
async function scheduleAllowed(client: KMS, key: FoundKey, days: number, time: Time): Promise<string | undefined> {
  try {
    await schedule(client, key, days, time);
    return undefined;
  } catch (error) {
    if (!isNamed(error, 'AccessDeniedException') || days >= longestDays) throw error;
    // Denied with the longest period too, it is not about the period: the first refusal tells.
    await schedule(client, key, longestDays, time).catch((again: unknown) => {
      throw isNamed(again, 'AccessDeniedException') ? error : again;
    });
    return `a waiting period of ${days} days was denied by a policy, so it is ${longestDays} days`;
  }
}

/**
 * KMSInvalidState may mean that it is scheduled already, which looking tells, or that a multi-Region key was being updated: by the time
 * of the look that may be over.
 */
async function schedule(client: KMS, key: FoundKey, days: number, time: Time): Promise<void> {
  for (let look = 1; ; look++) {
    try {
      await client.scheduleKeyDeletion({ KeyId: key.keyId, PendingWindowInDays: days });
      return;
    } catch (error) {
      if (isNamed(error, 'NotFoundException')) return;
      if (!isNamed(error, 'KMSInvalidStateException')) throw error;
      if (isEnd(await stateOf(client, key.keyId))) return;
      if (look === looks) throw error;
      await time.sleep(betweenMs(look));
    }
  }
}

async function unlessAlready(
  call: Promise<unknown>,
  client: KMS,
  keyId: string,
  already: (state: string) => boolean,
): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!isNamed(error, 'KMSInvalidStateException') || !already(await stateOf(client, keyId))) throw error;
  }
}

/** What AWS says of the key now, once it is what was asked for; throws when that does not come. */
async function readBack({ key, steps }: Change, client: KMS, time: Time, noted: boolean): Promise<ReadBack> {
  const removes = !steps.some((step) => step.do === 'cancel deletion');
  const wanted = noted ? undefined : steps.find((step) => step.do === 'create alias')?.alias;
  let left = '';
  for (let look = 1; look <= looks; look++) {
    const now = await unlessMissing(describedBy(client, key.keyId), { state: 'gone' });
    const aliases = await unlessMissing(aliasesOf(client, key.keyId), none);
    const ours = aliases.filter((alias) => isOurs(alias, key));
    const there = removes ? isEnd(now.state) : isAlive(now.state);
    const named = removes ? ours.length === 0 : wanted === undefined || aliases.includes(wanted);
    if (there && named) return { state: now.state, ...('deletionDate' in now && { deletionDate: now.deletionDate }) };
    if (!there) left = `its state is still ${now.state}`;
    else left = removes ? `${ours.join(', ')} still leads to it` : `${wanted} does not lead to it`;
    if (look < looks) await time.sleep(betweenMs(look));
  }
  const asked = removes ? 'deletion was asked for' : 'it was asked back';
  throw new LabError('leftovers', `${asked}, but ${left}`);
}

const stateOf = async (client: KMS, keyId: string): Promise<string> =>
  (await unlessMissing(describedBy(client, keyId), { state: 'gone' })).state;

const none: string[] = [];
const isEnd = (state: string) => isPending(state) || state === 'gone';
const isAlive = (state: string) => state === 'Enabled' || state === 'PendingImport';
