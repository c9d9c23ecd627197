import { readFileSync } from 'node:fs';
import { isAbsolute, join, relative, sep } from 'node:path';
import { LabError } from '../errors.js';
import { learnerFolder } from '../files/folder.js';
import { createLearnerFile, type LearnerFile, readLearnerFile, writeLearnerFile } from '../files/learner-files.js';
import type { FileRegistry } from '../kms/files.js';
import { packageRoot } from './package-root.js';

/** A large file that was written: `sha256` is hexadecimal. */
export interface Created {
  path: string;
  bytes: number;
  sha256: string;
}

/** A lab's sample data, and the files it leaves for the learner. */
export interface LabFiles {
  /** Read a file that lies beside the lab: `labs/<lab>/<name>`. */
  sample(name: string): Promise<Uint8Array>;
  /**
   * Write a file for the learner (mode 0600, into `kms-lab-files/<lab>/`) and give its bytes back.
   * @throws LabError `usage` when the folder can't be written.
   */
  write(name: string, bytes: Uint8Array | undefined): Promise<Uint8Array>;
  /** What an earlier run wrote for the learner under this name, if nobody changed it since. */
  read(name: string): Promise<Uint8Array | undefined>;
  /** The path, as a person would type it, of a file that `sample` read or `write` wrote with these bytes. */
  pathOf(bytes: Uint8Array): string;
  /**
   * The same for a file that is too large for memory: `write` is given one to write to, in order. What it writes has its name
   * only when `write` has returned; when it throws nothing is left.
   */
  create(name: string, write: (file: LearnerFile) => Promise<void>): Promise<Created>;
  /** Where a file of that name is, or would be. */
  path(name: string): string;
  /** The same as a person would type it. */
  typed(name: string): string;
  /** The folder as a person would type it, when anything was written into it. */
  readonly folder: string | undefined;
}

/** A path as a person would type it in `from`: relative and with forward slashes when inside. */
export function typed(path: string, from: string): string {
  const inside = relative(from, path);
  const shown = inside.startsWith('..') || isAbsolute(inside) ? path : inside;
  return shown.split(sep).join('/');
}

export interface LabFilesOptions {
  /** The learner's files go below it. */
  cwd: string;
  registry: FileRegistry;
  /** Where the lab's sample data lies; `labs/<lab>` of kms-lab unless given. */
  samples?: string;
}

export function labFiles(lab: string, options: LabFilesOptions): LabFiles {
  const folder = join(options.cwd, learnerFolder, lab);
  let written = false;
  const keep = (bytes: Uint8Array, path: string) => options.registry.register(bytes, typed(path, options.cwd));
  return {
    get folder() {
      return written ? `${typed(folder, options.cwd)}/` : undefined;
    },
    pathOf(bytes) {
      const path = options.registry.pathOf(bytes);
      if (path === undefined) throw new LabError('bug', `the ${bytes.length} bytes of lab ${lab} are in no file`);
      return path;
    },
    async sample(name) {
      const path = join(options.samples ?? join(packageRoot(), 'labs', lab), name);
      try {
        const bytes = readFileSync(path);
        keep(bytes, path);
        return bytes;
      } catch (error) {
        throw new LabError('usage', `can't read the sample file ${typed(path, options.cwd)}: ${why(error)}`, {
          hint: options.samples
            ? 'a lab of your own has its samples beside it'
            : 'restore the file, or install kms-lab again',
          cause: error,
        });
      }
    },
    async read(name) {
      const bytes = readLearnerFile(folder, name);
      if (bytes) keep(bytes, join(folder, name));
      return bytes;
    },
    async write(name, bytes) {
      if (!bytes?.length) throw new LabError('unreachable', `the answer for ${name} carries no bytes: is this a KMS?`);
      await writeLearnerFile(folder, name, bytes);
      written = true;
      keep(bytes, join(folder, name));
      return bytes;
    },
    async create(name, write) {
      const created = await createLearnerFile(folder, name, write);
      written = true;
      return created;
    },
    path: (name) => join(folder, name),
    typed: (name) => typed(join(folder, name), options.cwd),
  };
}

const why = (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error);
