import { randomBytes } from 'node:crypto';
import { lstatSync, renameSync, rmSync, type Stats, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type Fingerprint, type Manifest, manifestName, parseManifest } from './manifest.js';
import { hashPlain, readPlain } from './plain.js';

/** The folder, below the working directory, that holds one folder for each lab that wrote files. */
export const learnerFolder = 'kms-lab-files';

/**
 * Where a learner who stands in `cwd` began: COMMANDS.md has led them into `kms-lab-files/<lab>/`, and it is the folder above
 * that they mean.
 */
export function whereBegun(cwd: string): string {
  for (let at = cwd; dirname(at) !== at; at = dirname(at)) if (basename(at) === learnerFolder) return dirname(at);
  return cwd;
}

/** A file name without a path, never hidden, never the manifest. */
export const safeName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;
/** A file being written; what a killed process leaves behind is recognised by it. */
export const unfinished = /^\.[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.[0-9a-f]{16}\.part$/;

/** A new file under another name, then renamed: a reader, or a crash, never meets half a file, and a link is not followed. */
export function replace(dir: string, name: string, bytes: Uint8Array): void {
  const part = join(dir, `.${name}.${randomBytes(8).toString('hex')}.part`);
  try {
    writeFileSync(part, bytes, { flag: 'wx', mode: 0o600 });
    renameSync(part, join(dir, name));
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}

export function saveManifest(dir: string, manifest: Manifest): void {
  const files = Object.fromEntries([...manifest].sort(([a], [b]) => (a < b ? -1 : 1)));
  replace(dir, manifestName, Buffer.from(`${JSON.stringify({ 'kms-lab': 1, files }, undefined, 2)}\n`));
}

/** The folder's manifest (empty when there is none), or why it can't be believed. */
export function manifestOrReason(dir: string): Manifest | string {
  const path = join(dir, manifestName);
  const stats = look(path);
  if (!stats) return new Map();
  const bytes = stats.isFile() && stats.size < 1 << 20 ? readPlain(path) : undefined;
  const manifest = bytes && parseManifest(bytes, (name) => safeName.test(name));
  return manifest ?? `its ${manifestName} is not one that kms-lab wrote`;
}

/**
 * Size and SHA-256 of a plain file; undefined for anything else. Only one that may be `known` by its size is read: a learner's
 * file may have gigabytes.
 */
export function fingerprintOf(path: string, stats: Stats, known: readonly Fingerprint[]): Fingerprint | undefined {
  if (!stats.isFile()) return undefined;
  const bytes = stats.size;
  const sizes = known.flatMap((one) => [one, one.replaces]).map((one) => one?.bytes);
  if (!sizes.includes(bytes)) return { sha256: '', bytes };
  const sha256 = hashPlain(path);
  return sha256 === undefined ? undefined : { sha256, bytes };
}

/** What is there, links not followed; undefined when nothing is. */
export const look = (path: string): Stats | undefined => lstatSync(path, { throwIfNoEntry: false });

/** A system error's code, for people. */
export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);
