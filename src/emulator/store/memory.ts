import { createRequire } from 'node:module';
import type sorted from 'sorted-btree';
import type { RangeOptions, Store } from './store.js';

// CommonJS that was compiled from an ES module: loaders differ in what `import` makes of its default export.
const { default: Tree } = createRequire(import.meta.url)('sorted-btree') as typeof sorted;

/** A store of this process alone, which can be copied for a simulation. */
export interface MemoryStore extends Store {
  /** An independent copy; cheap, because the trees share what neither changes. */
  clone(): MemoryStore;
}

type Entries = sorted.default<string, unknown>;

/** How many entries are read at a time. */
const pageSize = 64;

const inOrder = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const newTree = (): Entries => new Tree<string, unknown>(undefined, inOrder);

class Memory implements MemoryStore {
  readonly #entries: Entries;
  /** What the running transaction has replaced, with nothing as undefined; undefined outside one. */
  #undo: { key: string; value: unknown }[] | undefined;

  constructor(entries: Entries = newTree()) {
    this.#entries = entries;
  }

  get<T>(key: string): T | undefined {
    return this.#entries.get(key) as T | undefined;
  }

  put(key: string, value: unknown): void {
    this.#remember(key);
    this.#entries.set(key, value);
  }

  remove(key: string): void {
    this.#remember(key);
    this.#entries.delete(key);
  }

  /** Reads a page of entries at a time: a reader may change what it reads, and may stop early. */
  *range<T>(prefix: string, options: RangeOptions = {}): Iterable<{ key: string; value: T }> {
    let { after, before = `${prefix}\x7f`, limit = Number.POSITIVE_INFINITY, reverse = false } = options;
    let first = after === undefined ? prefix : `${after}\0`;
    while (limit > 0) {
      const wanted = Math.min(limit, pageSize);
      const page = this.#page(first, before, wanted, reverse);
      for (const [key, value] of page) yield { key, value: value as T };
      if (page.length < wanted) return;
      limit -= wanted;
      const [last] = page.at(-1) as [string, unknown];
      if (reverse) before = last;
      else first = `${last}\0`;
    }
  }

  write<T>(change: () => T): T {
    if (this.#undo) return change();
    this.#undo = [];
    try {
      return change();
    } catch (error) {
      for (const { key, value } of this.#undo.reverse()) {
        if (value === undefined) this.#entries.delete(key);
        else this.#entries.set(key, value);
      }
      throw error;
    } finally {
      this.#undo = undefined;
    }
  }

  refresh(): void {}

  async close(): Promise<void> {}

  clone(): MemoryStore {
    return new Memory(this.#entries.clone());
  }

  /** So many entries from `first` on that are before `end`; reversed, those next to `end`. */
  #page(first: string, end: string, wanted: number, reverse: boolean): [string, unknown][] {
    const found: [string, unknown][] = [];
    const entries = reverse ? this.#entries.entriesReversed(end, undefined, true) : this.#entries.entries(first);
    for (const entry of entries) {
      if (entry[0] < first || entry[0] >= end || found.push(entry) === wanted) break;
    }
    return found;
  }

  #remember(key: string): void {
    if (!this.#undo) throw new Error('changes belong inside write()');
    this.#undo.push({ key, value: this.#entries.get(key) });
  }
}

export function memoryStore(): MemoryStore {
  return new Memory();
}

/** A copy in memory of what any store holds now. */
export function memoryCopy(store: Store): MemoryStore {
  if (store instanceof Memory) return store.clone();
  store.refresh();
  const entries = newTree();
  for (const { key, value } of store.range('')) entries.set(key, value);
  return new Memory(entries);
}
