import type { Store } from '../store/store.js';
import { inEachRegion } from './elsewhere.js';
import { append, nameOf, prefix } from './journal.js';
import { type Audited, eventsOf } from './record.js';
import { isUse, putLastUsage } from './usage.js';

/** How long an event of a call that changed nothing may wait for company, in milliseconds. */
const patience = 25;

/** A call in CloudTrail's record format; members that are undefined are none. */
export type TrailEvent = Readonly<Record<string, unknown>>;

/** An event as it is stored, with its place in the order of events. */
export interface Entry {
  sequence: number;
  event: TrailEvent;
}

/** One event per call, newest last, for all accounts and Regions of a state. */
export class Trail {
  readonly #waiting: Audited[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(readonly store: Store) {}

  /** Write it with the change it belongs to, and before it what waits; inside a write. */
  put(call: Audited): void {
    this.#append([...this.#take(), call]);
  }

  #append(calls: readonly Audited[]): void {
    const events: object[] = [];
    for (const call of calls) {
      const own = inEachRegion(call).flatMap(eventsOf);
      events.push(...own);
      this.#note(call, String(own[0]?.eventID));
    }
    append(this.store, events);
  }

  /** Write it soon, together with others: the answer does not wait for it. */
  later(call: Audited): void {
    if (this.#closed) return;
    this.#waiting.push(call);
    this.#timer ??= setTimeout(() => this.flush(), patience).unref();
  }

  /** Write now what waits. */
  flush(): void {
    const calls = this.#take();
    if (calls.length === 0) return;
    this.store.write(() => this.#append(calls));
  }

  #take(): Audited[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    return this.#waiting.splice(0);
  }

  /** Write what waits and take no more. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  /** The events, newest first, before the one with this sequence number. */
  *entries(before?: number): Iterable<Entry> {
    this.flush();
    const bound = before === undefined ? {} : { before: nameOf(before) };
    for (const { key, value } of this.store.range<TrailEvent>(prefix, { reverse: true, ...bound })) {
      yield { sequence: Number(key.slice(prefix.length)), event: value };
    }
  }

  /** The events, newest first. */
  *events(): Iterable<TrailEvent> {
    for (const { event } of this.entries()) yield event;
  }

  /** Remember when a key was last of use. */
  #note({ operation, fault, keys, time, requestId }: Audited, eventId: string): void {
    if (fault || !isUse(operation)) return;
    for (const key of keys) putLastUsage(this.store, key, key.id, { operation, time, eventId, requestId });
  }
}
