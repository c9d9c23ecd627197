import { mkdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../errors.js';
import {
  codeOf,
  fingerprintOf,
  learnerFolder,
  look,
  manifestOrReason,
  replace,
  safeName,
  saveManifest,
} from './folder.js';
import { fingerprint, type Manifest, manifestName, matches } from './manifest.js';
import { readPlain } from './plain.js';

/**
 * Write a file for the learner, readable by them alone (0600), and record its SHA-256 in the folder's manifest.
 * Never writes through a symbolic link and never over a file that this program did not make or that changed since;
 * identical bytes are left as they are.
 * @returns the path of the file
 * @throws LabError `usage` when it can't or must not be written
 */
export function writeLearnerFile(dir: string, name: string, bytes: Uint8Array): string {
  if (!safeName.test(name) || name.toLowerCase() === manifestName) throw refuse(name, 'is no name for a file here');
  const path = join(dir, name);
  try {
    prepareFolder(dir);
    const manifest = readManifest(dir);
    const before = look(path);
    const wanted = fingerprint(bytes);
    if (before) {
      const current = fingerprintOf(path, before);
      const known = manifest.get(name);
      if (!current) throw refuse(path, 'is not a plain file');
      if (matches(wanted, current)) return path;
      if (!known || !matches(known, current))
        throw refuse(path, known ? 'was changed since kms-lab wrote it' : 'was not made by kms-lab');
      wanted.replaces = { sha256: current.sha256, bytes: current.bytes };
    }
    // The manifest goes first: killed in between, the folder holds no file that we don't know to be ours.
    saveManifest(dir, manifest.set(name, wanted));
    replace(dir, name, bytes);
    return path;
  } catch (error) {
    throw asLabError(error, `can't write ${path}`);
  }
}

/** Read a file of the learner's folder that this program wrote and nobody changed since; undefined when there is none. */
export function readLearnerFile(dir: string, name: string): Uint8Array | undefined {
  const manifest = look(dir)?.isDirectory() ? manifestOrReason(dir) : undefined;
  const known = typeof manifest === 'object' ? manifest.get(name) : undefined;
  const bytes = known && readPlain(join(dir, name));
  return bytes && matches(known, fingerprint(bytes)) ? bytes : undefined;
}

/** Make the folder, and refuse to work through a symbolic link that somebody put in its place. */
function prepareFolder(dir: string): void {
  const parent = dirname(dir);
  for (const folder of basename(parent) === learnerFolder ? [parent, dir] : [dir]) {
    if (!look(folder)) mkdirSync(folder, { recursive: true, mode: 0o700 });
    if (!look(folder)?.isDirectory()) throw refuse(folder, 'is not a folder');
  }
}

function readManifest(dir: string): Manifest {
  const manifest = manifestOrReason(dir);
  if (typeof manifest === 'string') throw refuse(dir, `can't be used: ${manifest}`);
  return manifest;
}

function refuse(path: string, why: string): LabError {
  return new LabError('usage', `${path} ${why}`, { hint: 'move it away, or run kms-lab in another folder' });
}

function asLabError(error: unknown, what: string): LabError {
  if (error instanceof LabError) return error;
  return new LabError('usage', `${what}: ${codeOf(error)}`, {
    hint: 'run kms-lab in a folder you may write to',
    cause: error,
  });
}
