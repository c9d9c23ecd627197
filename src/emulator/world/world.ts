import { keyArn, type Place } from '../arn.js';
import { recordServiceEvent } from '../audit/service-event.js';
import { forgetUsage } from '../audit/usage.js';
import type { Store } from '../store/store.js';
import { type Clock, clockOf } from './clock.js';
import { type DueEvent, isAnyDue, type Seen, settle } from './due.js';
import { removeGrantsOn } from './grants.js';
import { expire, removeMaterials } from './imports.js';
import { rangeOf } from './paging.js';
import type { AliasRecord, Instant, Key, KeyRecord, SharedRecord } from './records.js';
import { familyWithout, moved, ready } from './replicas.js';
import { finishOnDemand, rotateOnSchedule } from './rotation.js';

const path = {
  key: ({ account, region }: Place, id = '') => `key/${account}/${region}/${id}`,
  shared: (account: string, id: string) => `shared/${account}/${id}`,
  alias: ({ account, region }: Place, name = '') => `alias/${account}/${region}/${name}`,
  aliasOf: ({ account, region }: Place, keyId: string, name = '') => `alias-of/${account}/${region}/${keyId}/${name}`,
};

/** The keys of all accounts and Regions, in order of these. */
export function* everyKey(store: Store): Iterable<KeyRecord> {
  for (const { value } of store.range<KeyRecord>('key/')) yield value;
}

/** Keys put together before; stored values never change in place. */
const keys = new WeakMap<KeyRecord, Key>();

function joined(record: KeyRecord, shared: SharedRecord): Key {
  const known = keys.get(record);
  if (known?.shared === shared) return known;
  const key = { ...record, arn: keyArn(record, record.id), shared };
  keys.set(record, key);
  return key;
}

/** How many of a listing are wanted and behind which name they begin. */
export interface Page {
  after?: string | undefined;
  limit?: number | undefined;
}

/** The keys and aliases of one account in one Region. */
export class World {
  readonly clock: Clock;

  constructor(
    readonly store: Store,
    readonly place: Place,
    readonly wall: () => number = Date.now,
    /** The store as it is, where `store` shows changes late. */
    readonly prompt: Store = store,
  ) {
    this.clock = clockOf(store, wall);
  }

  get now(): Instant {
    return this.clock.now();
  }

  /** The same world seen from another account or Region. */
  at(place: Place): World {
    const same = place.account === this.place.account && place.region === this.place.region;
    return same ? this : new World(this.store, place, this.wall, this.prompt);
  }

  /** Let what is due happen, however long ago it was (see `DueEvent`). Comes first in every call. */
  settle(seen?: Seen): void {
    if (isAnyDue(this.store, this.now)) this.#settle(seen);
  }

  #settle(seen: Seen | undefined): void {
    const handlers = {
      'delete-key': (event: DueEvent, at: Instant) => this.at(event).removeKey(event.id, at),
      'replica-ready': (event: DueEvent, at: Instant) => ready(this.at(event), event.id, at),
      'primary-moved': (event: DueEvent) => moved(this.at(event), event.id),
      'rotate-key': (event: DueEvent, at: Instant) => rotateOnSchedule(this.at(event), event.id, at),
      'rotate-key-on-demand': (event: DueEvent, at: Instant) => finishOnDemand(this.at(event), event.id, at),
      'expire-material': (event: DueEvent, at: Instant) => expire(this.at(event), event.id, at),
    };
    settle(this.store, this.now, handlers, seen);
  }

  key(id: string): Key | undefined {
    const record = this.store.get<KeyRecord>(path.key(this.place, id));
    const shared = record && this.store.get<SharedRecord>(path.shared(record.account, id));
    return shared && joined(record, shared);
  }

  /** What the keys of a set have in common; undefined when none is left. */
  shared(id: string): SharedRecord | undefined {
    return this.store.get<SharedRecord>(path.shared(this.place.account, id));
  }

  /** A key that was stored a moment ago. */
  made(id: string): Key {
    const key = this.key(id);
    if (!key) throw new Error(`key ${id} was not stored`);
    return key;
  }

  /** Ids in order. */
  *keyIds({ after, limit }: Page = {}): Iterable<string> {
    const prefix = path.key(this.place);
    for (const { key } of this.store.range(prefix, rangeOf(prefix, { after, limit }))) yield key.slice(prefix.length);
  }

  putKey(record: KeyRecord): void {
    this.store.put(path.key(record, record.id), record);
  }

  putShared(shared: SharedRecord): void {
    this.store.put(path.shared(shared.account, shared.id), shared);
  }

  /** Change what this Region's key has to itself. */
  change(key: Key, changes: Partial<KeyRecord>): void {
    const { arn: _arn, shared: _shared, ...record } = key;
    this.putKey({ ...record, ...changes });
  }

  /**
   * The end of a key at its time: with it go its aliases and grants here and, with the last of a multi-Region set, the material.
   */
  removeKey(id: string, at: Instant): void {
    removeMaterials(this, id);
    const key = this.key(id);
    if (!key) return;
    for (const alias of [...this.aliases({ keyId: id })]) this.removeAlias(alias);
    removeGrantsOn(this.store, key);
    this.store.remove(path.key(this.place, id));
    forgetUsage(this.store, this.place, id);
    recordServiceEvent(this.store, 'DeleteKey', key, at);
    if (!familyWithout(this, key, at)) this.store.remove(path.shared(this.place.account, id));
  }

  alias(name: string): AliasRecord | undefined {
    return this.store.get<AliasRecord>(path.alias(this.place, name));
  }

  /** In order of their names: all, or one key's. */
  *aliases({ keyId, after, limit }: Page & { keyId?: string | undefined } = {}): Iterable<AliasRecord> {
    const prefix = keyId === undefined ? path.alias(this.place) : path.aliasOf(this.place, keyId);
    for (const { key, value } of this.store.range<AliasRecord>(prefix, rangeOf(prefix, { after, limit }))) {
      const alias = keyId === undefined ? value : this.alias(key.slice(prefix.length));
      if (alias) yield alias;
    }
  }

  putAlias(alias: AliasRecord): void {
    const before = this.alias(alias.name);
    if (before) this.removeAlias(before);
    this.store.put(path.alias(this.place, alias.name), alias);
    this.store.put(path.aliasOf(this.place, alias.keyId, alias.name), true);
  }

  removeAlias(alias: AliasRecord): void {
    this.store.remove(path.alias(this.place, alias.name));
    this.store.remove(path.aliasOf(this.place, alias.keyId, alias.name));
  }
}
