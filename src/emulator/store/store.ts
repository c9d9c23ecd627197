/** Where a range begins and how much of it is wanted. */
export interface RangeOptions {
  /** Begin behind this key (exclusive): how a page follows another. */
  after?: string;
  /** End before this key (exclusive). */
  before?: string;
  limit?: number;
  /** From the last key to the first. */
  reverse?: boolean;
}

/**
 * Sorted keys to plain data (bytes included). A value is never changed in place: it is read, copied with changes, and put.
 * Keys are ASCII, so that every implementation sorts them alike.
 */
export interface Store {
  get<T>(key: string): T | undefined;
  /** Inside `write` only. */
  put(key: string, value: unknown): void;
  /** Inside `write` only. */
  remove(key: string): void;
  /** Entries whose key starts with `prefix`, in order of their keys. */
  range<T>(prefix: string, options?: RangeOptions): Iterable<{ key: string; value: T }>;
  /** One transaction: all of it or, when `change` throws, nothing; nobody else (other processes included) writes meanwhile. */
  write<T>(change: () => T): T;
  /** Look anew: what other processes have acknowledged before this is visible after it. */
  refresh(): void;
  /** May be called twice; leaves no open handle. */
  close(): Promise<void>;
}
