import { createHash } from 'node:crypto';
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
import { type Fingerprint, fingerprint, type Manifest, manifestName, matches } from './manifest.js';
import { type Output, openOutput, writeAll } from './output.js';
import { readPlain } from './plain.js';

/**
 * Write a file for the learner, readable by them alone (0600), and record its SHA-256 in the folder's manifest.
 * Never writes through a symbolic link and never over a file that this program did not make or that changed since;
 * identical bytes are left as they are.
 * @returns the path of the file
 * @throws LabError `usage` when it can't or must not be written
 */
export function writeLearnerFile(dir: string, name: string, bytes: Uint8Array): string {
  const path = pathOf(dir, name);
  try {
    prepareFolder(dir);
    const wanted = fingerprint(bytes);
    const before = inTheWay(dir, name, wanted);
    if (before && matches(wanted, before)) return path;
    // The manifest goes first: killed in between, the folder holds no file that we don't know to be ours.
    enter(dir, name, wanted, before);
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

/** A large file of the learner's while it is written, in order. */
export interface LearnerFile {
  write(...pieces: Uint8Array[]): Promise<void>;
}

/**
 * The same for a file that is too large for memory: `write` writes it, under a temporary name that is gone when `write` throws.
 * @returns path, size and SHA-256 of the file
 * @throws LabError `usage` as above, and whatever `write` throws
 */
export async function createLearnerFile(
  dir: string,
  name: string,
  write: (file: LearnerFile) => Promise<void>,
): Promise<Fingerprint & { path: string }> {
  const path = pathOf(dir, name);
  const guarded = <Result>(work: Promise<Result>) =>
    work.catch((error: unknown) => {
      throw asLabError(error, `can't write ${path}`);
    });
  const output = await guarded(begin(dir, name));
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    await write({
      async write(...pieces) {
        const written = guarded(writeAll(output.file, pieces));
        for (const piece of pieces) {
          hash.update(piece); // while the system writes
          bytes += piece.length;
        }
        await written;
      },
    });
    const wanted = { sha256: hash.digest('hex'), bytes };
    enter(dir, name, wanted, inTheWay(dir, name, wanted));
    await guarded(output.keep());
    return { path, ...wanted };
  } finally {
    await output.discard();
  }
}

async function begin(dir: string, name: string): Promise<Output> {
  prepareFolder(dir);
  inTheWay(dir, name); // before hours of work, and once more after them
  return await openOutput(join(dir, name), { replace: true });
}

function pathOf(dir: string, name: string): string {
  if (safeName.test(name) && name.toLowerCase() !== manifestName) return join(dir, name);
  throw refuse(name, 'is no name for a file here');
}

/** What a file of this program is to replace, if anything; throws when that is not ours, or not any more. */
function inTheWay(dir: string, name: string, wanted?: Fingerprint): Fingerprint | undefined {
  const path = join(dir, name);
  const before = look(path);
  const known = readManifest(dir).get(name);
  if (!before) return undefined;
  const current = fingerprintOf(
    path,
    before,
    [known, wanted].flatMap((one) => one ?? []),
  );
  if (!current) throw refuse(path, 'is not a plain file');
  if ((known && matches(known, current)) || (wanted && matches(wanted, current))) return current;
  throw refuse(path, known ? 'was changed since kms-lab wrote it' : 'was not made by kms-lab');
}

function enter(dir: string, name: string, wanted: Fingerprint, before: Fingerprint | undefined): void {
  saveManifest(dir, readManifest(dir).set(name, { ...wanted, ...(before && { replaces: before }) }));
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
