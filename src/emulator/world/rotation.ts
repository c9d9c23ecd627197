import { randomBytes } from 'node:crypto';
import type { RotationType } from '@aws-sdk/client-kms';
import { recordServiceEvent } from '../audit/service-event.js';
import { newSymmetricKey } from '../crypto/symmetric.js';
import { Fault } from '../fault.js';
import { type DueEvent, plan, unplan } from './due.js';
import { isImportedEverywhere, stateWith } from './imports.js';
import type { Instant, Key, Material, SharedRecord } from './records.js';
import { synchronized } from './replicas.js';
import { wrongOrigin } from './states.js';
import type { World } from './world.js';

const day = 24 * 60 * 60 * 1000;

/** How long a rotation on demand takes: milliseconds on the world's clock. AWS says no more than that there is a delay. */
export const onDemandMs = 1000;

/** ConflictException: an automatic rotation begins within this time. */
const tooNear = 20 * 60 * 1000;

/** Rotations on demand in the life of a key; AWS KMS resource quotas. */
const mostOnDemand = 25;

/** Material that the embedded KMS made itself. */
export function generated(secret: Uint8Array, created: Instant): Material {
  return { id: randomBytes(32).toString('hex'), secret, created };
}

const eventOf = (
  kind: 'rotate-key' | 'rotate-key-on-demand',
  { account, id }: SharedRecord,
  region: string,
): DueEvent => ({
  kind,
  account,
  region,
  id,
});

/** Let the next automatic rotation be due, or not. */
function setDue(world: World, shared: SharedRecord, set: typeof plan): void {
  const { rotation } = shared;
  if (rotation) set(world.store, rotation.next, eventOf('rotate-key', shared, rotation.region));
}

/** Automatic rotation every `days` from `from` on; undefined: none. A record to be stored. */
export function scheduled(world: World, shared: SharedRecord, days: number | undefined, from: Instant): SharedRecord {
  setDue(world, shared, unplan);
  const { rotation: _before, ...rest } = shared;
  if (days === undefined) return rest;
  const after = { ...rest, rotation: { days, next: from + days * day, region: shared.primaryRegion } };
  setDue(world, after, plan);
  return after;
}

/** With one more material, which is current. An imported one may have been deleted since the rotation was asked for. */
function rotated(world: World, shared: SharedRecord, type: RotationType, date: Instant): SharedRecord {
  const { pending, ...rest } = shared;
  const material = shared.origin === 'EXTERNAL' ? pending : generated(newSymmetricKey(), date);
  if (!material) return shared;
  const key = { account: shared.account, region: shared.primaryRegion, id: shared.id };
  recordServiceEvent(world.store, 'RotateKey', key, date, { rotationType: type, keyId: shared.id });
  synchronized(world, shared, date);
  return { ...rest, materials: [...shared.materials, { ...material, rotated: { type, date } }] };
}

function rotateNow(world: World, shared: SharedRecord, at: Instant): void {
  world.putShared(scheduled(world, rotated(world, shared, 'AUTOMATIC', at), shared.rotation?.days, at));
}

/** The day has come. */
export function rotateOnSchedule(world: World, id: string, at: Instant): void {
  const shared = world.shared(id);
  if (shared?.rotation?.next === at) rotateNow(world, shared, at);
}

/** A key that is disabled or pending deletion does not rotate: nothing is due, and the setting stays. */
export function pauseRotation(world: World, { region, shared }: Key): void {
  if (region === shared.primaryRegion) setDue(world, shared, unplan);
}

/** A key that is enabled again is rotated at once when it would have been meanwhile; the period then counts from now. */
export function resumeRotation(world: World, { region, shared }: Key): void {
  if (region !== shared.primaryRegion || !shared.rotation) return;
  if (shared.rotation.next > world.now) setDue(world, shared, plan);
  else rotateNow(world, shared, world.now);
}

/**
 * Refuse what cannot be rotated: only symmetric encryption keys can, and a multi-Region set through its primary.
 * @throws Fault UnsupportedOperationException; AWS says no more about asymmetric and HMAC keys
 */
export function checkRotatable({ arn, region, shared }: Key): void {
  if (shared.spec !== 'SYMMETRIC_DEFAULT') throw new Fault('UnsupportedOperationException', '');
  if (region === shared.primaryRegion) return;
  const message = `${arn} is a replica key. Rotation of multi-Region keys is managed on the primary key in ${shared.primaryRegion}.`;
  throw new Fault('UnsupportedOperationException', message);
}

/** Refuse to put a key on a schedule whose material AWS does not make. */
export function checkAutomatic(key: Key): void {
  checkRotatable(key);
  if (key.shared.origin !== 'AWS_KMS') throw wrongOrigin(key.arn, key.shared.origin);
}

function checkImported(world: World, { arn, shared }: Key): void {
  if (shared.pending && isImportedEverywhere(world, shared, shared.pending.id)) return;
  throw new Fault('KMSInvalidStateException', `${arn} has no imported key material in the PENDING_ROTATION state.`);
}

/** Begin a rotation on demand, which is done a moment later; the automatic schedule stays as it is. */
export function beginOnDemand(world: World, key: Key): void {
  const { shared, arn } = key;
  const { now } = world;
  checkRotatable(key);
  if (shared.onDemand !== undefined) {
    throw new Fault('ConflictException', `An on-demand rotation of ${arn} is already in progress.`);
  }
  if (shared.rotation && shared.rotation.next - now <= tooNear) {
    throw new Fault('ConflictException', `An automatic rotation of ${arn} is scheduled to begin within 20 minutes.`);
  }
  if (shared.materials.filter((material) => material.rotated?.type === 'ON_DEMAND').length >= mostOnDemand) {
    const message = `On-demand rotations per key quota is ${mostOnDemand}, current usage is ${mostOnDemand}.`;
    throw new Fault('LimitExceededException', message);
  }
  if (shared.origin === 'EXTERNAL') checkImported(world, key);
  world.putShared({ ...shared, onDemand: now });
  plan(world.store, now + onDemandMs, eventOf('rotate-key-on-demand', shared, shared.primaryRegion));
}

/** The rotation is done: in every Region at once, where an imported material may have been deleted meanwhile. */
export function finishOnDemand(world: World, id: string, at: Instant): void {
  const before = world.shared(id);
  if (before?.onDemand === undefined) return;
  const { onDemand: _done, ...shared } = before;
  world.putShared(rotated(world, shared, 'ON_DEMAND', at));
  if (shared.origin !== 'EXTERNAL') return;
  for (const region of shared.regions) {
    const there = world.at({ account: shared.account, region });
    const key = there.key(id);
    if (key) there.change(key, { state: stateWith(key) });
  }
}
