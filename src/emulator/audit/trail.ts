import type { Store } from '../store/store.js';
import { type Audited, eventOf } from './record.js';

/** How many events are kept; the oldest give way. */
const kept = 20_000;
/** How long an event of a call that changed nothing may wait for company, in milliseconds. */
const patience = 25;

const prefix = 'audit/';
const sequenceKey = 'meta/audit';
const name = (sequence: number) => prefix + String(sequence).padStart(12, '0');

/** One event per call, newest last, for all accounts and Regions of a state. */
export class Trail {
  #waiting: Audited[] = [];
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(readonly store: Store) {}

  /** Write it with the change it belongs to; inside a write. */
  put(call: Audited): void {
    const sequence = (this.store.get<number>(sequenceKey) ?? 0) + 1;
    this.store.put(sequenceKey, sequence);
    this.store.put(name(sequence), JSON.stringify(eventOf(call)));
    if (sequence > kept) this.store.remove(name(sequence - kept));
  }

  /** Write it soon, together with others: the answer does not wait for it. */
  later(call: Audited): void {
    if (this.#closed) return;
    this.#waiting.push(call);
    this.#timer ??= setTimeout(() => this.flush(), patience).unref();
  }

  /** Write now what waits. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const calls = this.#waiting;
    this.#waiting = [];
    this.store.write(() => {
      for (const call of calls) this.put(call);
    });
  }

  /** Write what waits and take no more. */
  close(): void {
    this.flush();
    this.#closed = true;
  }

  /** The events, newest first. */
  *events(): Iterable<Record<string, unknown>> {
    this.flush();
    for (const { value } of this.store.range<string>(prefix, { reverse: true })) yield JSON.parse(value);
  }
}
