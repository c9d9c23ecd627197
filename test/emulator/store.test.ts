import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { lmdbStore } from '../../src/emulator/store/lmdb.js';
import { memoryStore } from '../../src/emulator/store/memory.js';
import type { Store } from '../../src/emulator/store/store.js';

const folders: string[] = [];
const folder = () => {
  const dir = mkdtempSync(join(tmpdir(), 'kms-store-'));
  folders.push(dir);
  return dir;
};
afterEach(() => {
  for (const dir of folders.splice(0)) rmSync(dir, { recursive: true, force: true });
});

const kinds: [string, () => Promise<Store>][] = [
  ['memory', async () => memoryStore()],
  ['LMDB', () => lmdbStore(folder())],
];

describe.each(kinds)('the %s store', (_name, make) => {
  it('gives back what was put, bytes included, and nothing for what is not there', async () => {
    const store = await make();
    store.write(() => store.put('a', { text: 'hi', bytes: new Uint8Array([1, 2, 3]), none: undefined }));
    const found = store.get<{ text: string; bytes: Uint8Array }>('a');
    expect(found?.text).toBe('hi');
    expect([...(found?.bytes ?? [])]).toEqual([1, 2, 3]);
    expect(store.get('b')).toBeUndefined();
    await store.close();
    await store.close();
  });

  it('ranges over a prefix in order, in pages and backwards', async () => {
    const store = await make();
    store.write(() => {
      for (const key of ['b/2', 'a/1', 'b/1', 'b/3', 'c/1', 'b/10']) store.put(key, key);
    });
    const keys = (...range: Parameters<Store['range']>) => [...store.range(...range)].map((entry) => entry.key);
    expect(keys('b/')).toEqual(['b/1', 'b/10', 'b/2', 'b/3']);
    expect(keys('b/', { after: 'b/1', limit: 2 })).toEqual(['b/10', 'b/2']);
    expect(keys('b/', { reverse: true, limit: 1 })).toEqual(['b/3']);
    expect(keys('x/')).toEqual([]);
    await store.close();
  });

  it('takes back everything when a change throws', async () => {
    const store = await make();
    store.write(() => store.put('kept', 1));
    expect(() =>
      store.write(() => {
        store.put('kept', 2);
        store.put('new', 1);
        store.remove('kept');
        throw new Error('no');
      }),
    ).toThrow('no');
    expect(store.get('kept')).toBe(1);
    expect([...store.range('')].map((entry) => entry.key)).toEqual(['kept']);
    await store.close();
  });

  it('sees its own changes inside a transaction, and refuses changes outside one', async () => {
    const store = await make();
    store.write(() => {
      store.put('a', 1);
      expect(store.get('a')).toBe(1);
      expect([...store.range('a')]).toHaveLength(1);
    });
    expect(() => store.put('a', 2)).toThrow('inside write');
    await store.close();
  });
});

it('a copy of a memory store goes its own way', () => {
  const store = memoryStore();
  store.write(() => store.put('a', 1));
  const copy = store.clone();
  copy.write(() => copy.put('a', 2));
  expect([store.get('a'), copy.get('a')]).toEqual([1, 2]);
});

it('the LMDB folder is its owner’s alone', async () => {
  const dir = join(folder(), 'state');
  const store = await lmdbStore(dir);
  if (process.platform !== 'win32') expect(statSync(dir).mode & 0o777).toBe(0o700);
  await store.close();
});

describe('a folder that can hold no state', () => {
  const spoilt = (content: string) => (dir: string) => {
    mkdirSync(dir);
    writeFileSync(join(dir, 'world.mdb'), content);
  };

  it.each([
    ['a file is in its place', (dir: string) => writeFileSync(dir, '')],
    ['what is in it is no state', spoilt('x'.repeat(9000))],
    ['its state was cut off', spoilt('x')],
  ])('is named, with the way out, where %s', async (_why, spoil) => {
    const dir = join(folder(), 'state');
    spoil(dir);
    await expect(lmdbStore(dir)).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining(dir),
      hint: expect.stringContaining('--state'),
    });
  });
});
