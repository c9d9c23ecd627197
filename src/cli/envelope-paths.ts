import { lstatSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LabError } from '../errors.js';
import type { Action, EnvelopeOptions } from './envelope.js';

/** What is read and what is written. */
export interface Paths {
  input: string;
  /** Size of the input. */
  bytes: number;
  /** Absolute, its folder without links. */
  output: string;
  /** The input's name without its folder. */
  shown: string;
}

const suffix = '.encrypted';

/** @throws LabError `usage` when the input can't be read, or the output is there already and may not be replaced */
export function pathsFor(action: Action, file: string, { output, force }: EnvelopeOptions): Paths {
  const input = statSync(file, { throwIfNoEntry: false });
  if (!input) throw new LabError('usage', `${file} is not there`, { hint: 'name a file that you can read' });
  if (!input.isFile())
    throw new LabError('usage', `${file} is not a plain file`, { hint: 'name a file that you can read' });
  const path = placeFor(output ?? outputOf(action, file));
  const there = lstatSync(path, { throwIfNoEntry: false });
  if (there && !there.isFile())
    throw new LabError('usage', `${path} is there, and is not a plain file`, { hint: 'choose another name with -o' });
  if (there && !force) throw exists(path);
  return { input: file, bytes: input.size, output: path, shown: basename(file) };
}

function outputOf(action: Action, file: string): string {
  if (action === 'encrypt') return file + suffix;
  return file.endsWith(suffix) && basename(file) !== suffix ? file.slice(0, -suffix.length) : `${file}.decrypted`;
}

/** Absolute, so that it can be found from anywhere later. */
function placeFor(name: string): string {
  const path = resolve(name);
  try {
    return join(realpathSync(dirname(path)), basename(path));
  } catch (error) {
    throw new LabError('usage', `can't write ${name}: ${(error as NodeJS.ErrnoException).code}`, {
      hint: 'choose another place with -o',
      cause: error,
    });
  }
}

const exists = (path: string) =>
  new LabError('usage', `${path} is there already`, {
    hint: 'add --force to replace it, or choose another name with -o',
  });

/** What the file system says about the output, for `catch`. */
export const unwritable =
  ({ output }: Paths) =>
  (error: NodeJS.ErrnoException): never => {
    if (error.code === 'EEXIST') throw exists(output);
    throw new LabError('usage', `can't write ${output}: ${error.code ?? error.message}`, {
      hint: 'make room, or choose another place with -o',
      cause: error,
    });
  };
