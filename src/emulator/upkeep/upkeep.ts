import type { KeyState } from '@aws-sdk/client-kms';
import { Trail } from '../audit/trail.js';
import { lmdbStore } from '../store/lmdb.js';
import { memoryCopy } from '../store/memory.js';
import type { Store } from '../store/store.js';
import { clockOf } from '../world/clock.js';
import { type DueEvent, upcoming } from '../world/due.js';
import type { Instant } from '../world/records.js';
import { everyKey, World } from '../world/world.js';

/** Something that has happened by itself, or will. */
export interface Happening {
  at: Instant;
  event: DueEvent;
  /** Aliases of the key that it is about, at that moment. */
  aliases: readonly string[];
}

/** How many keys an account has in a Region, by their state. */
export interface KeysThere {
  account: string;
  region: string;
  states: Readonly<Partial<Record<KeyState, number>>>;
}

/** What a state holds. */
export interface Contents {
  /** The world's time. */
  now: Instant;
  /** How far it is ahead of the wall clock, in milliseconds. */
  ahead: number;
  /** In order of accounts and Regions. */
  keys: readonly KeysThere[];
  /** Soonest first. */
  upcoming: readonly Happening[];
  /** Audit events. */
  events: number;
}

/** The last moment that CloudTrail's time format can tell. */
const endOfTime = Date.UTC(9999, 11, 31);

/**
 * The stored world in the hands of its owner, beside whatever processes serve it. Each sees the other's changes; `wall` is the
 * wall clock in milliseconds.
 */
export class Upkeep {
  readonly trail: Trail;

  constructor(
    readonly store: Store,
    readonly wall: () => number = Date.now,
  ) {
    this.trail = new Trail(store);
  }

  /** The world's time. */
  get now(): Instant {
    this.store.refresh();
    return clockOf(this.store, this.wall).now();
  }

  contents(): Contents {
    this.#settle(this.store);
    return {
      now: this.now,
      ahead: clockOf(this.store, () => 0).now(),
      keys: keysOf(this.store),
      upcoming: [...upcoming(this.store)].map((each) => ({ ...each, aliases: this.#aliases(this.store, each.event) })),
      events: [...this.trail.entries()].length,
    };
  }

  /** Whether the clock can still be moved on so far. */
  reaches(ms: number): boolean {
    return this.now + ms <= endOfTime;
  }

  /** What moving the clock would cause, in order: it is done to a copy in memory, so that one thing may lead to another. */
  foresee(ms: number): Happening[] {
    this.#settle(this.store);
    return this.#move(memoryCopy(this.store), ms);
  }

  /** Move the clock on and let happen what is due then; nothing of it where `check` throws at what happened. */
  advance(ms: number, check: (happened: readonly Happening[]) => void = () => {}): Happening[] {
    this.#settle(this.store);
    return this.store.write(() => {
      const happened = this.#move(this.store, ms);
      check(happened);
      return happened;
    });
  }

  /** Remove everything in one write: who works on the state at the same time finds it empty. */
  reset(): void {
    this.store.write(() => {
      for (const { key } of [...this.store.range('')]) this.store.remove(key);
    });
  }

  close(): Promise<void> {
    this.trail.close();
    return this.store.close();
  }

  #move(store: Store, ms: number): Happening[] {
    store.write(() => clockOf(store, this.wall).advance(ms));
    return this.#settle(store);
  }

  #settle(store: Store): Happening[] {
    store.refresh();
    const happened: Happening[] = [];
    this.#world(store).settle((event, at) => happened.push({ at, event, aliases: this.#aliases(store, event) }));
    return happened;
  }

  #aliases(store: Store, { account, region, id }: DueEvent): string[] {
    return [...this.#world(store).at({ account, region }).aliases({ keyId: id })].map(({ name }) => name);
  }

  /** Whose world it is does not matter to what is due. */
  #world(store: Store): World {
    return new World(store, { account: '', region: '' }, this.wall);
  }
}

function keysOf(store: Store): KeysThere[] {
  const places = new Map<string, { account: string; region: string; states: Partial<Record<KeyState, number>> }>();
  for (const { account, region, state } of everyKey(store)) {
    const name = `${account} ${region}`;
    const place = places.get(name) ?? { account, region, states: {} };
    place.states[state] = (place.states[state] ?? 0) + 1;
    places.set(name, place);
  }
  return [...places.values()];
}

/** Open the state in a folder; it is made when there is none. */
export const openUpkeep = async (dir: string): Promise<Upkeep> => new Upkeep(await lmdbStore(dir));
