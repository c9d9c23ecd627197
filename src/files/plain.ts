import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';

/** Read a plain file and nothing else: no symbolic link is followed, no pipe waited for. Undefined when it is none. */
export function readPlain(path: string): Uint8Array | undefined {
  // Windows has neither flag; making a symbolic link takes a privilege there.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let file: number;
  try {
    file = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    return fstatSync(file).isFile() ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}
