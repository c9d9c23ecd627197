import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync } from 'node:fs';

/** Read a plain file and nothing else: no symbolic link is followed, no pipe waited for. Undefined when it is none. */
export const readPlain = (path: string): Uint8Array | undefined => plainly(path, (file) => readFileSync(file));

/** SHA-256 (hex) of a plain file of any size; undefined as for `readPlain`. */
export function hashPlain(path: string): string | undefined {
  return plainly(path, (file) => {
    const hash = createHash('sha256');
    const buffer = Buffer.allocUnsafe(1 << 20);
    for (let read = 1; read > 0; hash.update(buffer.subarray(0, read))) read = readSync(file, buffer);
    return hash.digest('hex');
  });
}

/** The first bytes of a plain file, at most `size`; undefined as for `readPlain`. */
export function readHead(path: string, size: number): Uint8Array | undefined {
  return plainly(path, (file) => {
    const buffer = Buffer.alloc(size);
    return buffer.subarray(0, readSync(file, buffer));
  });
}

function plainly<Result>(path: string, read: (file: number) => Result): Result | undefined {
  // Windows has neither flag; making a symbolic link takes a privilege there.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  let file: number;
  try {
    file = openSync(path, flags);
  } catch {
    return undefined;
  }
  try {
    return fstatSync(file).isFile() ? read(file) : undefined;
  } finally {
    closeSync(file);
  }
}
