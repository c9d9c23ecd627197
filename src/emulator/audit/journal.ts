import type { Store } from '../store/store.js';

/** How many events are kept; the oldest give way. */
const kept = 20_000;

const sequenceKey = 'meta/audit';

/** Where events are stored, in their order. */
export const prefix = 'audit/';
export const nameOf = (sequence: number) => prefix + String(sequence).padStart(12, '0');

/** Add events behind all others; inside a write. */
export function append(store: Store, events: readonly object[]): void {
  let sequence = store.get<number>(sequenceKey) ?? 0;
  for (const event of events) {
    sequence++;
    store.put(nameOf(sequence), event);
    if (sequence > kept) store.remove(nameOf(sequence - kept));
  }
  store.put(sequenceKey, sequence);
}
