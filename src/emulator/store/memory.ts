import type { RangeOptions, Store } from './store.js';

/** A store of this process alone, which can be copied for a simulation. */
export interface MemoryStore extends Store {
  /** An independent copy; cheap, because values are never changed in place. */
  clone(): MemoryStore;
}

type Entries = Map<string, unknown>;

/** The first position whose key is not below `key`. */
function position(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((sorted[middle] as string) < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

class Memory implements MemoryStore {
  readonly #values: Entries;
  readonly #sorted: string[];
  /** What the running transaction has replaced; undefined outside one. */
  #undo: { key: string; had: boolean; value: unknown }[] | undefined;

  constructor(values: Entries = new Map(), sorted: string[] = []) {
    this.#values = values;
    this.#sorted = sorted;
  }

  get<T>(key: string): T | undefined {
    return this.#values.get(key) as T | undefined;
  }

  put(key: string, value: unknown): void {
    this.#remember(key);
    this.#set(key, value);
  }

  remove(key: string): void {
    this.#remember(key);
    this.#delete(key);
  }

  *range<T>(prefix: string, options: RangeOptions = {}): Iterable<{ key: string; value: T }> {
    const sorted = this.#sorted;
    const from = options.after === undefined ? position(sorted, prefix) : position(sorted, `${options.after}\0`);
    const to = position(sorted, options.before ?? `${prefix}\x7f`);
    const keys = sorted.slice(
      from,
      options.limit === undefined || options.reverse ? to : Math.min(to, from + options.limit),
    );
    if (options.reverse) keys.reverse();
    for (const key of options.limit === undefined ? keys : keys.slice(0, options.limit)) {
      yield { key, value: this.#values.get(key) as T };
    }
  }

  write<T>(change: () => T): T {
    if (this.#undo) return change();
    this.#undo = [];
    try {
      return change();
    } catch (error) {
      for (const { key, had, value } of this.#undo.reverse()) had ? this.#set(key, value) : this.#delete(key);
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  refresh(): void {}

  async close(): Promise<void> {}

  clone(): MemoryStore {
    return new Memory(new Map(this.#values), [...this.#sorted]);
  }

  #remember(key: string): void {
    if (!this.#undo) throw new Error('changes belong inside write()');
    this.#undo.push({ key, had: this.#values.has(key), value: this.#values.get(key) });
  }

  #set(key: string, value: unknown): void {
    if (!this.#values.has(key)) this.#sorted.splice(position(this.#sorted, key), 0, key);
    this.#values.set(key, value);
  }

  #delete(key: string): void {
    if (this.#values.delete(key)) this.#sorted.splice(position(this.#sorted, key), 1);
  }
}

export function memoryStore(): MemoryStore {
  return new Memory();
}

/** A copy in memory of what any store holds now. */
export function memoryCopy(store: Store): MemoryStore {
  if (store instanceof Memory) return store.clone();
  store.refresh();
  const values = new Map<string, unknown>();
  for (const { key, value } of store.range('')) values.set(key, value);
  return new Memory(values, [...values.keys()]);
}
