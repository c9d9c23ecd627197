import { join } from 'node:path';
import { learnerFolder } from '../files/folder.js';
import { readPlain } from '../files/plain.js';
import { FileRegistry } from '../kms/files.js';
import { labFiles, typed } from './files.js';

/** Files as a check sees them: it reads what the learner, or a run, has left, and writes nothing. */
export interface HandFiles {
  /** Read a file of the lab's own folder: `labs/<lab>/<name>`. */
  sample(name: string): Promise<Uint8Array>;
  /** A file of the learner's folder, whoever wrote it; undefined when it is not there or no plain file. */
  read(name: string): Uint8Array | undefined;
  /** Where a file of that name is, or would be. */
  path(name: string): string;
  /** The same as the learner would type it: `kms-lab-files/symmetric/encrypted-data.bin`. */
  typed(name: string): string;
}

export function handFiles(lab: string, cwd: string): HandFiles {
  const { sample } = labFiles(lab, { cwd, registry: new FileRegistry() });
  const path = (name: string) => join(cwd, learnerFolder, lab, name);
  return { sample, path, read: (name) => readPlain(path(name)), typed: (name) => typed(path(name), cwd) };
}
