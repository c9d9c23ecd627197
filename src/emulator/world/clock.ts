import type { Store } from '../store/store.js';
import type { Instant } from './records.js';

const offsetKey = 'meta/clock';

/** The world's time: the wall clock moved by what the state says. Signatures and sessions stay on the wall clock. */
export interface Clock {
  now(): Instant;
  /** Move on by `ms` milliseconds; inside a write. */
  advance(ms: number): void;
}

export function clockOf(store: Store, wall: () => number): Clock {
  const offset = () => store.get<number>(offsetKey) ?? 0;
  return {
    now: () => Math.floor(wall()) + offset(),
    advance(ms) {
      if (!(ms >= 0)) throw new RangeError('the clock moves forward only');
      store.put(offsetKey, offset() + Math.ceil(ms)); // whole ones: due events are sorted by their digits
    },
  };
}
