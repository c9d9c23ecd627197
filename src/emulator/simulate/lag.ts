import type { RangeOptions, Store } from '../store/store.js';
import type { Instant } from '../world/records.js';

interface Change {
  /** What was there before; undefined: nothing. */
  before: unknown;
  /** When everybody sees what is there now. */
  shown: Instant;
}

type Entry = { key: string; value: unknown };

/** Bookkeeping of the emulator itself is never late. */
const prompt = /^(?:audit|meta|due)\//;

/**
 * Eventual consistency over a store: changes go through at once and are remembered for `delay` milliseconds, and `view`
 * shows the store as if those had not happened yet. Changes of other processes are not late.
 */
export class Lag implements Store {
  /** Milliseconds on `now`'s clock; 0: everybody sees every change at once. */
  delay = 0;
  readonly view: Store;
  readonly #changes = new Map<string, Change[]>();
  #pending: { key: string; before: unknown }[] | undefined;

  constructor(
    readonly store: Store,
    readonly now: () => Instant,
  ) {
    this.view = new LateView(this);
  }

  get<T>(key: string): T | undefined {
    return this.store.get<T>(key);
  }

  put(key: string, value: unknown): void {
    this.#remember(key);
    this.store.put(key, value);
  }

  remove(key: string): void {
    this.#remember(key);
    this.store.remove(key);
  }

  range<T>(prefix: string, options?: RangeOptions): Iterable<{ key: string; value: T }> {
    return this.store.range<T>(prefix, options);
  }

  write<T>(change: () => T): T {
    if (this.#pending) return change();
    this.#pending = [];
    try {
      const result = this.store.write(change);
      this.#publish(this.#pending);
      return result;
    } finally {
      this.#pending = undefined;
    }
  }

  refresh(): void {
    this.store.refresh();
  }

  close(): Promise<void> {
    return this.store.close();
  }

  /** Whether the view differs from the store, or may come to. */
  get late(): boolean {
    if (this.#changes.size > 0) this.#forget();
    return this.delay > 0 || this.#changes.size > 0;
  }

  /** What the view shows in place of what is stored; undefined: the same. */
  hidden(key: string): { value: unknown } | undefined {
    const change = this.#changes.get(key)?.find(({ shown }) => shown > this.now());
    return change && { value: change.before };
  }

  /** The keys under `prefix` that the view shows otherwise. */
  hiddenUnder(prefix: string): Entry[] {
    this.#forget();
    return [...this.#changes.keys()]
      .filter((key) => key.startsWith(prefix))
      .flatMap((key) => {
        const hidden = this.hidden(key);
        return hidden ? [{ key, value: hidden.value }] : [];
      });
  }

  #remember(key: string): void {
    if (this.delay > 0 && !prompt.test(key)) this.#pending?.push({ key, before: this.store.get(key) });
  }

  #publish(changes: { key: string; before: unknown }[]): void {
    if (changes.length === 0) return;
    this.#forget();
    const shown = this.now() + this.delay;
    for (const { key, before } of changes) {
      const earlier = this.#changes.get(key) ?? [];
      this.#changes.set(key, [...earlier, { before, shown }]);
    }
  }

  #forget(): void {
    const now = this.now();
    for (const [key, changes] of this.#changes) {
      const late = changes.filter(({ shown }) => shown > now);
      if (late.length === 0) this.#changes.delete(key);
      else this.#changes.set(key, late);
    }
  }
}

/** What callers see while changes are late. */
class LateView implements Store {
  constructor(readonly lag: Lag) {}

  get<T>(key: string): T | undefined {
    const hidden = this.lag.hidden(key);
    return hidden ? (hidden.value as T | undefined) : this.lag.get<T>(key);
  }

  *range<T>(prefix: string, options: RangeOptions = {}): Iterable<{ key: string; value: T }> {
    const { after, before, limit, reverse = false } = options;
    const hidden = this.lag
      .hiddenUnder(prefix)
      .filter(({ key }) => (after === undefined || key > after) && (before === undefined || key < before));
    if (hidden.length === 0) {
      yield* this.lag.range<T>(prefix, options);
      return;
    }
    const replaced = new Set(hidden.map(({ key }) => key));
    const enough = limit === undefined ? options : { ...options, limit: limit + hidden.length };
    const entries: Entry[] = [...this.lag.range(prefix, enough)].filter(({ key }) => !replaced.has(key));
    entries.push(...hidden.filter(({ value }) => value !== undefined));
    entries.sort((a, b) => (a.key < b.key === reverse ? 1 : -1));
    yield* entries.slice(0, limit) as { key: string; value: T }[];
  }

  put(key: string, value: unknown): void {
    this.lag.put(key, value);
  }

  remove(key: string): void {
    this.lag.remove(key);
  }

  write<T>(change: () => T): T {
    return this.lag.write(change);
  }

  refresh(): void {
    this.lag.refresh();
  }

  close(): Promise<void> {
    return this.lag.close();
  }
}
