import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { look, replace } from './folder.js';
import { readHead, readPlain } from './plain.js';

/** A file that somebody encrypted, and the one key that opens it. */
export interface Remembered {
  /** Absolute. */
  path: string;
  keyArn: string;
}

/** One small file for each: processes that encrypt side by side don't get in each other's way. */
const folderName = 'encrypted-files';

/** Where the message names its key: behind its encryption context, which KMS limits to 8 KiB. */
const headSize = 256 * 1024;

/** Remember a file, in place of what the same path was before. @throws a system error when `state` can't be written */
export function remember(state: string, file: Remembered): void {
  const folder = join(state, folderName);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const name = `${createHash('sha256').update(file.path).digest('hex')}.json`;
  replace(folder, name, Buffer.from(`${JSON.stringify(file)}\n`));
}

/**
 * The files that are still there, by the key that opens them. One counts while its path leads to a message that names the key,
 * and when nobody may look into it.
 * @returns for a key's ARN their paths; a multi-Region key's relatives open the same files
 */
export function filesUnder(states: readonly string[]): (keyArn: string) => string[] {
  const files = new Map<string, Set<string>>();
  for (const { path, keyArn } of states.flatMap(allIn)) {
    if (!isUnder(path, keyArn)) continue;
    const known = files.get(keyOf(keyArn)) ?? new Set();
    files.set(keyOf(keyArn), known.add(path));
  }
  return (keyArn) => [...(files.get(keyOf(keyArn)) ?? [])].sort();
}

/** Account and key id, without the Region. */
const keyOf = (arn: string) => arn.split(':').slice(4).join(':');

function allIn(state: string): Remembered[] {
  const folder = join(state, folderName);
  if (!look(folder)?.isDirectory()) return [];
  return readdirSync(folder)
    .filter((name) => /^[0-9a-f]{64}\.json$/.test(name))
    .flatMap((name) => parse(readPlain(join(folder, name))) ?? []);
}

function parse(bytes: Uint8Array | undefined): Remembered | undefined {
  try {
    const { path, keyArn } = JSON.parse(Buffer.from(bytes ?? []).toString());
    return typeof path === 'string' && typeof keyArn === 'string' ? { path, keyArn } : undefined;
  } catch {
    return undefined;
  }
}

function isUnder(path: string, keyArn: string): boolean {
  if (!look(path)?.isFile()) return false;
  const head = readHead(path, headSize);
  return head === undefined || Buffer.from(head).includes(keyArn);
}
