import { recordServiceEvent } from '../audit/service-event.js';
import { Fault } from '../fault.js';
import { plan } from './due.js';
import type { Instant, Key, KeyRecord, SharedRecord } from './records.js';
import type { World } from './world.js';

/**
 * How long a new replica is `Creating`, and the two keys of a promotion are `Updating`: milliseconds on the world's clock. AWS
 * says "a few seconds"; one is enough for a client that polls to see the state.
 */
export const transitionMs = 1000;

const day = 24 * 60 * 60 * 1000;

/** Whether a key is the one of its multi-Region set that can be replicated. */
export const isPrimary = ({ region, shared }: Key): boolean => shared.multiRegion && region === shared.primaryRegion;

/** Refuse a single-Region key and a replica, for what only a primary can do. */
export function checkPrimary(key: Key): void {
  if (!isPrimary(key)) {
    throw new Fault('UnsupportedOperationException', `${key.arn} is not a multi-Region primary key.`);
  }
}

/** Put a replica of `primary` into `there`, where none is; it is `Creating` for a while. */
export function putReplica(there: World, primary: Key, own: Pick<KeyRecord, 'description' | 'policy' | 'tags'>): Key {
  const { shared } = primary;
  const now = there.now;
  there.putShared({ ...shared, regions: [...shared.regions, there.place.region] });
  there.putKey({ ...there.place, id: shared.id, state: 'Creating', created: now, ...own });
  plan(there.store, now + transitionMs, { kind: 'replica-ready', ...there.place, id: shared.id });
  return there.made(shared.id);
}

/** A primary's shared properties have come to its replicas: an event of the primary. */
export function synchronized(world: World, { account, id, primaryRegion, regions }: SharedRecord, at: Instant): void {
  if (regions.length < 2) return;
  recordServiceEvent(world.store, 'SynchronizeMultiRegionKey', { account, id, region: primaryRegion }, at);
}

/** The end of `Creating`: the replica has the material, or waits for its owner to import it here too. */
export function ready(there: World, id: string, at: Instant): void {
  const key = there.key(id);
  if (key?.state !== 'Creating') return; // its deletion was scheduled meanwhile
  there.change(key, { state: key.shared.origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled' });
  synchronized(there, key.shared, at);
}

/** Begin to make `replica` the primary in place of `primary`: both are `Updating` for a while. */
export function movePrimary(world: World, primary: Key, replica: Key): void {
  for (const key of [primary, replica]) world.at(key).change(key, { state: 'Updating' });
  const { account, region, id } = replica;
  plan(world.store, world.now + transitionMs, { kind: 'primary-moved', account, region, id });
}

/** The end of `Updating`: the key that is here is the primary now, and the former one a replica. */
export function moved(here: World, id: string): void {
  const key = here.key(id);
  if (!key) return;
  for (const region of [key.shared.primaryRegion, key.region]) {
    const there = here.at({ account: key.account, region });
    const member = there.key(id);
    if (member?.state === 'Updating') there.change(member, { state: 'Enabled' });
  }
  here.putShared({ ...key.shared, primaryRegion: key.region });
}

/** Begin a key's waiting period at `from`. @returns when it ends. */
export function scheduleEnd(world: World, key: Key, days: number, from: Instant): Instant {
  const due = from + days * day;
  world.change(key, { state: 'PendingDeletion', deletion: { days, due } });
  plan(world.store, due, { kind: 'delete-key', account: key.account, region: key.region, id: key.id });
  return due;
}

/**
 * Take a key that has just been removed out of its set. With the last replica begins the waiting period of a primary whose
 * deletion was scheduled.
 * @returns whether any key of the set is left.
 */
export function familyWithout(world: World, gone: Key, at: Instant): boolean {
  const { shared, account, id } = gone;
  const regions = shared.regions.filter((region) => region !== gone.region);
  if (regions.length === 0) return false;
  world.putShared({ ...shared, regions });
  const home = world.at({ account, region: shared.primaryRegion });
  const primary = home.key(id);
  if (regions.length === 1 && primary?.state === 'PendingReplicaDeletion' && primary.deletion) {
    scheduleEnd(home, primary, primary.deletion.days, at);
  }
  return true;
}
