import { chmod, mkdir, open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RootDatabase } from 'lmdb';
import { LabError } from '../../errors.js';
import type { RangeOptions, Store } from './store.js';

/**
 * Abortable, committed and its pages on disk on return; LMDB's meta page follows with the next commit (MDB_NOMETASYNC). So what is
 * committed survives kill -9, and a power cut takes the last change at most and never damages the rest.
 */
const inOneGo = 0x1 | 0x2 | 0x40000;

class Lmdb implements Store {
  #closing: Promise<void> | undefined;
  #writing = false;

  constructor(
    readonly database: RootDatabase<unknown, string>,
    readonly gate: RootDatabase<unknown, string>,
  ) {}

  get<T>(key: string): T | undefined {
    return this.database.get(key) as T | undefined;
  }

  put(key: string, value: unknown): void {
    this.#mustWrite();
    this.database.putSync(key, value);
  }

  remove(key: string): void {
    this.#mustWrite();
    this.database.removeSync(key);
  }

  range<T>(prefix: string, options: RangeOptions = {}): Iterable<{ key: string; value: T }> {
    const { after, before, limit, reverse = false } = options;
    const first = after === undefined ? prefix : `${after}\x01`;
    const last = before ?? `${prefix}\x7f`;
    const bounds = reverse ? { start: last, end: first, reverse, exclusiveStart: true } : { start: first, end: last };
    return this.database.getRange(limit === undefined ? bounds : { ...bounds, limit }) as Iterable<{
      key: string;
      value: T;
    }>;
  }

  write<T>(change: () => T): T {
    if (this.#writing) return change();
    this.#writing = true;
    try {
      return this.gate.transactionSync(() => this.database.transactionSync(change, inOneGo), inOneGo);
    } finally {
      this.#writing = false;
    }
  }

  refresh(): void {
    if (!this.#writing) this.database.resetReadTxn();
  }

  close(): Promise<void> {
    this.#closing ??= this.database.close().then(() => this.gate.close());
    return this.#closing;
  }

  #mustWrite(): void {
    if (!this.#writing) throw new Error('changes belong inside write()');
  }
}

/** The file that a folder's store is kept in. */
export const stateFile = (dir: string) => join(dir, 'world.mdb');

/**
 * A second, empty environment whose write lock every opening and every change of the state holds. LMDB sets the shared number of the
 * latest transaction while it opens (`mdb_env_open2`), to what it read a moment before: a change that another process commits in between
 * would be forgotten by the next one.
 */
const gateFile = (dir: string) => join(dir, 'gate.mdb');

/**
 * A store in a folder that several processes may share; folder and files are for their owner's eyes only.
 * Throws a LabError (usage) when the folder cannot be made or written, or what is in it is no state.
 */
export async function lmdbStore(dir: string): Promise<Store> {
  const lmdb = await import('lmdb'); // native: loaded only by who keeps state
  try {
    return await openIn(dir, lmdb);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new LabError('usage', `can't keep the embedded KMS in ${dir}: ${why}`, {
      cause: error,
      hint: 'choose another folder with --state or KMS_LAB_STATE; --state memory keeps nothing',
    });
  }
}

/** `MDB_MAGIC`, in the machine's byte order, and where the first meta page has it. */
const [magic, magicAt] = [0xbeefc0de, 24];
/** Two meta pages of the smallest size. */
const smallest = 2 * 4096;

/** LMDB ends the process (SIGSEGV) over a file that is none of its own or was cut off: refuse it before. One yet to be made is fine. */
async function checkFile(path: string): Promise<void> {
  const file = await openFile(path, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (!file) return;
  try {
    const { size } = await file.stat();
    const head = new Uint32Array(1);
    await file.read(head, 0, 4, magicAt);
    if (size > 0 && (size < smallest || head[0] !== magic)) throw new Error(`${path} is damaged, or no LMDB file`);
  } finally {
    await file.close();
  }
}

async function openIn(dir: string, { open }: typeof import('lmdb')): Promise<Store> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  await chmod(dir, 0o700);
  const path = stateFile(dir);
  for (const one of [path, gateFile(dir)]) await checkFile(one);
  // Without lmdb-js's third meta page (overlappingSync): which of the three counts after a crash depends on who opens first.
  const options = { noMemInit: false, overlappingSync: false, encoding: 'msgpack' } as const;
  const gate = open<unknown, string>({ ...options, path: gateFile(dir) });
  const database = gate.transactionSync(() => open<unknown, string>({ ...options, path }), inOneGo);
  const store = new Lmdb(database, gate);
  for (const file of [path, gateFile(dir)].flatMap((one) => [one, `${one}-lock`])) await chmod(file, 0o600);
  return store;
}
