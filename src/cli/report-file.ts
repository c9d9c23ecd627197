import {
  accessSync,
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { LabError } from '../errors.js';

/** A file that is there in full or not at all. */
export interface ReportFile {
  /** The file itself, where links lead. */
  path: string;
  write(text: string): void;
}

const hint = 'choose another file for the report; nothing was made';

/**
 * Make sure that a report can be written, before there is anything to report. It is written to a temporary name beside the file and
 * renamed, so that nobody ever reads half of it; what is no regular file (a pipe, /dev/null) is written to as it is.
 */
export function reportFile(option: string, name: string): ReportFile {
  const fail = (error: unknown, way: string): never => {
    const { code, message } = error as NodeJS.ErrnoException;
    throw new LabError('usage', `can't write ${option} ${name}: ${code ?? message}`, { hint: way, cause: error });
  };
  try {
    if (!isFile(name)) return { path: name, write: (text) => attempt(() => writeFileSync(name, text), fail) };
    const path = target(resolve(name));
    const temporary = `${path}.${process.pid}.tmp`;
    makeFolder(dirname(path));
    closeSync(openSync(temporary, 'wx'));
    rmSync(temporary);
    return { path, write: (text) => attempt(() => replace(path, temporary, text), fail) };
  } catch (error) {
    return fail(error, hint);
  }
}

function attempt(write: () => void, fail: (error: unknown, way: string) => never): void {
  try {
    write();
  } catch (error) {
    fail(error, 'make room or choose another file, then run it again');
  }
}

function replace(path: string, temporary: string, text: string): void {
  try {
    writeFileSync(temporary, text, { flag: 'wx' });
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

/** Renaming onto a link would replace the link. */
function target(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether a regular file is, or can be, at `path`; throws when what is there can't be written. */
function isFile(path: string): boolean {
  const there = statSync(path, { throwIfNoEntry: false });
  if (!there) return true;
  if (there.isDirectory()) throw Object.assign(new Error('it is a folder'), { code: 'EISDIR' });
  accessSync(path, constants.W_OK);
  return there.isFile();
}

/** Not `recursive`: where the parent takes no folders (/proc), that option of Node.js tries for ever. */
function makeFolder(path: string): void {
  if (existsSync(path)) return;
  makeFolder(dirname(path));
  try {
    mkdirSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error; // another run was faster
  }
}
