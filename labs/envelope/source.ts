import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { type Created, LabError, type LabFiles, type StepContext } from '../../src/lab/define.js';
import { pieceSize, sha256Of, using, type Work } from './by-hand.js';
import { longestFile } from './format.js';

/** The size of the sample that is made where no file is named. */
const sampleSize = 64 * 2 ** 20;
/** So much of the file is encrypted again where every byte must be looked at. */
const excerptSize = 4 * 2 ** 20;

/** Two runs of fewer bytes may be alike by chance. */
const smallest = 16;

/** Say that a file can't be taken, before anything is made. @throws LabError `usage` */
export function checkFile(path: string | undefined): void {
  if (path === undefined) return;
  const refuse = (why: string, hint: string) => new LabError('usage', `${path} (--file) ${why}`, { hint });
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw refuse('is not there', 'name a file that you can read');
  if (!stats.isFile()) throw refuse('is not a plain file', 'name a file that you can read');
  if (stats.size < smallest)
    throw refuse(`has fewer than ${smallest} bytes`, 'so small a file proves nothing: name a larger one');
  if (stats.size > longestFile)
    throw refuse(`has more than ${longestFile} bytes`, 'AES-GCM takes no more under one key: cut the file into parts');
}

/** The file to encrypt: the learner's own, or a sample of numbered lines. */
export async function sourceFile(file: string | undefined, files: LabFiles, work: Work): Promise<Created> {
  if (file === undefined) return await files.create('sample.txt', (out) => writeSample(out));
  const path = resolve(file);
  return { path, bytes: statSync(path).size, sha256: await sha256Of(path, work) };
}

async function writeSample(out: { write(bytes: Uint8Array): Promise<void> }): Promise<void> {
  const lines = 2 ** 14;
  for (let line = 0; line * 64 < sampleSize; line += lines) {
    const text = (at: number) => `${`line ${line + at}: nothing to see, but to be kept from others`.padEnd(63, '.')}\n`;
    await out.write(Buffer.from(Array.from({ length: lines }, (_, at) => text(at)).join('')));
  }
}

/** The first bytes of a file: all of it when it is small. */
export async function beginning(path: string, size = excerptSize): Promise<Buffer> {
  return await using(path, async (file) => {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size), 0, size, 0);
    return buffer.subarray(0, bytesRead);
  });
}

/** How local work is watched: shown twice a second, stopped by Ctrl-C. */
export function watched(signal: AbortSignal, working: StepContext['working']): Work {
  let [started, told] = [0, 0];
  return {
    signal,
    onProgress(done, of) {
      const now = performance.now();
      if (done <= pieceSize) [started, told] = [now, now];
      if (now - told < 500) return;
      told = now;
      working(`the file, ${mebibytes(done)} of ${mebibytes(of)}`, now - started);
    },
  };
}

/** `64.0 MiB`. */
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
