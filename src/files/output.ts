import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { look } from './folder.js';

/** Temporary names that exist now. A process that is told to stop at once removes them: see `discardUnfinished`. */
const parts = new Set<string>();
let watching = false;

/** A large file on its way: it is there in full or not at all. */
export interface Output {
  /** Where it is going to be. */
  readonly path: string;
  /** Readable by its owner alone (0600), under a temporary name in the same folder. */
  readonly file: FileHandle;
  /**
   * Give it its name; until then nobody sees it there. What is there already is replaced only if that was asked for.
   * @throws a system error, `EEXIST` when something has taken the name
   */
  keep(): Promise<void>;
  /** Remove it. May be called twice, and after `keep`, when it does nothing. */
  discard(): Promise<void>;
}

/** Begin a file. @throws a system error when the folder can't be written */
export async function openOutput(path: string, { replace = false } = {}): Promise<Output> {
  const part = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomBytes(8).toString('hex')}.part`);
  const file = await open(part, 'wx', 0o600);
  if (!watching) process.on('exit', discardUnfinished);
  watching = true;
  parts.add(part);
  const discard = async () => {
    await file.close();
    if (!parts.delete(part)) return;
    await rm(part, { force: true });
  };
  return {
    path,
    file,
    async keep() {
      await file.close();
      await (replace ? rename(part, path) : settle(part, path));
      parts.delete(part);
    },
    discard,
  };
}

/** Write pieces, one after the other, in one system call where it takes them all: it may write less than it was given. */
export async function writeAll(file: FileHandle, pieces: readonly Uint8Array[]): Promise<void> {
  let left = pieces.filter(({ length }) => length > 0);
  while (left.length > 0) {
    let { bytesWritten: done } = await file.writev(left);
    left = left.flatMap((piece) => {
      const rest = piece.subarray(done);
      done = Math.max(0, done - piece.length);
      return rest.length > 0 ? [rest] : [];
    });
  }
}

/** Remove at once what is unfinished, for a process that has no time left. */
export function discardUnfinished(): void {
  for (const part of parts) rmSync(part, { force: true });
  parts.clear();
}

/** File systems without hard links say so in many ways. */
const unlinkable = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL', 'UNKNOWN']);

/** Renaming would replace what has taken the name meanwhile; linking does not. */
async function settle(part: string, path: string): Promise<void> {
  try {
    await link(part, path);
  } catch (error) {
    if (!unlinkable.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
    if (look(path)) throw Object.assign(new Error(`EEXIST: ${path}`), { code: 'EEXIST' });
    await rename(part, path);
    return;
  }
  await rm(part);
}
