import type { Store } from '../store/store.js';
import type { Instant } from './records.js';

interface Due<Kind extends string> {
  kind: Kind;
  account: string;
  region: string;
  id: string;
}

/**
 * Something that will happen by itself when the world's clock reaches its time: a waiting period ends, a replica is ready, a
 * primary has moved (to `region`), a key rotates, imported material expires.
 */
export type DueEvent =
  | Due<'delete-key'>
  | Due<'replica-ready'>
  | Due<'primary-moved'>
  | Due<'rotate-key'>
  | Due<'rotate-key-on-demand'>
  | Due<'expire-material'>;

type Handlers = {
  [Kind in DueEvent['kind']]: (event: Extract<DueEvent, { kind: Kind }>, at: Instant) => void;
};

/** Told of each event when it happens, before it does. */
export type Seen = (event: DueEvent, at: Instant) => void;

const prefix = 'due/';
const nameOf = (at: Instant, event: DueEvent) =>
  `${prefix}${String(at).padStart(16, '0')}/${event.kind}/${event.account}/${event.region}/${event.id}`;
const timeOf = (key: string): Instant => Number(key.slice(prefix.length, prefix.length + 16));

export function plan(store: Store, at: Instant, event: DueEvent): void {
  store.put(nameOf(at, event), event);
}

export function unplan(store: Store, at: Instant, event: DueEvent): void {
  store.remove(nameOf(at, event));
}

/** What is to come, soonest first. */
export function* upcoming(store: Store): Iterable<{ at: Instant; event: DueEvent }> {
  for (const { key, value } of store.range<DueEvent>(prefix)) yield { at: timeOf(key), event: value };
}

function next(store: Store, now: Instant): { key: string; value: DueEvent } | undefined {
  for (const entry of store.range<DueEvent>(prefix, { limit: 1 })) if (timeOf(entry.key) <= now) return entry;
  return undefined;
}

/** Whether something is due. */
export const isAnyDue = (store: Store, now: Instant): boolean => next(store, now) !== undefined;

/**
 * Let happen what is due, each at its own time and in order, however far the clock has moved since anyone looked.
 * Nothing runs in the background: every call begins with this.
 */
export function settle(store: Store, now: Instant, handlers: Handlers, seen?: Seen): void {
  store.write(() => {
    for (let entry = next(store, now); entry; entry = next(store, now)) {
      store.remove(entry.key);
      const happen = handlers[entry.value.kind] as (event: DueEvent, at: Instant) => void;
      seen?.(entry.value, timeOf(entry.key));
      happen(entry.value, timeOf(entry.key));
    }
  });
}
