import { type CipherGCM, createCipheriv, createDecipheriv, createHash, type DecipherGCM } from 'node:crypto';
import { type FileHandle, open as openFile } from 'node:fs/promises';
import { NotAuthentic } from '../../src/envelope/not-authentic.js';
import { LabError } from '../../src/lab/define.js';
import { decodeHeader, encodeHeader, type Header, longestHeader, tagLength } from './format.js';

const algorithm = 'aes-256-gcm';
/** A piece is encrypted while the next is read and the last is written: large ones cost few system calls. */
export const pieceSize = 1024 * 1024;
/** What the cipher is given at once: so little of it stays in the processor's cache. */
const sliceSize = 256 * 1024;

/** How work on a large file is watched and stopped. */
export interface Work {
  signal: AbortSignal;
  /** Told after each piece how many bytes are done. */
  onProgress(done: number, of: number): void;
}

/** Where encrypted or decrypted bytes go, in order. */
export interface Sink {
  write(...pieces: Uint8Array[]): Promise<void>;
}

/**
 * Encrypt a file with a plaintext data key, which is zeroed as soon as the cipher has it.
 * @throws LabError `usage` when the file changes meanwhile
 */
export async function seal(path: string, key: Uint8Array, header: Header, out: Sink, work: Work): Promise<void> {
  const cipher = createCipheriv(algorithm, whole(key), header.nonce, { authTagLength: tagLength });
  key.fill(0);
  const prefix = encodeHeader(header);
  cipher.setAAD(prefix);
  await using(path, async (file) => {
    await out.write(prefix);
    await through(file, { from: 0, to: (await file.stat()).size }, cipher, out, work);
    cipher.final(); // of GCM nothing is left
    await out.write(cipher.getAuthTag());
  });
}

/** Ask KMS for the plaintext of a data key. */
export type Unwrap = (
  wrappedKey: Uint8Array,
  context: Header['context'],
) => Promise<{ Plaintext?: Uint8Array | undefined }>;

/** The same, and somebody sees the key before it is used and zeroed. */
export function seeing(unwrap: Unwrap, see: (key: Uint8Array) => void): Unwrap {
  return async (...wrapped) => {
    const answer = await unwrap(...wrapped);
    see(answer.Plaintext ?? new Uint8Array(0));
    return answer;
  };
}

/**
 * Decrypt what `seal` wrote. `out` has been given all of it before the tag can be verified: keep it only when this returns.
 * @param unwrap gives the plaintext data key, which is zeroed as soon as the cipher has it
 * @throws NotAuthentic when anything of the file is not as it was written, and what `unwrap` throws
 */
export async function open(path: string, unwrap: Unwrap, out: Sink, work: Work): Promise<void> {
  await using(path, async (file) => {
    const { header, length: from, bytes } = await readHeader(file);
    const to = (await file.stat()).size - tagLength;
    if (to < from) throw new NotAuthentic('the file is cut short');
    const { Plaintext: key = new Uint8Array(0) } = await unwrap(header.wrappedKey, header.context);
    const decipher = createDecipheriv(algorithm, whole(key), header.nonce, { authTagLength: tagLength });
    key.fill(0);
    decipher.setAAD(bytes).setAuthTag(await read(file, to, tagLength));
    await through(file, { from, to }, decipher, out, work);
    try {
      decipher.final();
    } catch (error) {
      throw new NotAuthentic('the tag does not match: body, header or tag were changed', { cause: error });
    }
  });
}

/** Nothing but a key of 256 bits is one. */
function whole(key: Uint8Array): Uint8Array {
  if (key.length === 32) return key;
  throw new NotAuthentic(`the data key has ${key.length} bytes instead of 32`);
}

/** The header of an envelope, and its bytes as they stand in the file. */
export async function readHeader(file: FileHandle): Promise<{ header: Header; length: number; bytes: Buffer }> {
  const start = await read(file, 0, longestHeader);
  const { header, length } = decodeHeader(start);
  return { header, length, bytes: start.subarray(0, length) };
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** SHA-256 of a file, hexadecimal. */
export async function sha256Of(path: string, work: Work): Promise<string> {
  const hash = createHash('sha256');
  const nowhere = { write: async () => {} };
  await using(path, async (file) => {
    await through(file, { from: 0, to: (await file.stat()).size }, hash, nowhere, work);
  });
  return hash.digest('hex');
}

export async function using<Result>(path: string, work: (file: FileHandle) => Promise<Result>): Promise<Result> {
  const file = await openFile(path);
  try {
    return await work(file);
  } finally {
    await file.close();
  }
}

/** Up to `length` bytes; fewer only where the file ends. */
async function read(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead);
}

/** A part of a file, piece by piece, through a cipher or a hash. */
async function through(
  file: FileHandle,
  { from, to }: { from: number; to: number },
  cipher: Pick<CipherGCM | DecipherGCM, 'update'> | { update(piece: Uint8Array): unknown },
  out: Sink,
  { signal, onProgress }: Work,
): Promise<void> {
  const buffers = [Buffer.allocUnsafeSlow(pieceSize), Buffer.allocUnsafeSlow(pieceSize)] as const;
  const next = (at: number, into: Buffer) => file.read(into, 0, Math.min(pieceSize, to - at), at);
  let written = Promise.resolve();
  let reading = next(from, buffers[0]);
  for (let at = from, turn = 1; at < to; turn ^= 1) {
    signal.throwIfAborted();
    const { bytesRead, buffer } = await reading;
    if (bytesRead === 0)
      throw new LabError('usage', 'the file became shorter while it was read', { hint: 'run it again' });
    at += bytesRead;
    if (at < to) reading = next(at, buffers[turn] as Buffer);
    const slices: Uint8Array[] = [];
    for (let slice = 0; slice < bytesRead; slice += sliceSize)
      slices.push(cipher.update(buffer.subarray(slice, Math.min(slice + sliceSize, bytesRead))) as Uint8Array);
    await written;
    written = out.write(...slices);
    // Both are awaited next time round; should this stop before, nobody else hears of their failure.
    for (const pending of [written, reading]) pending.catch(() => {});
    onProgress(at - from, to - from);
  }
  await written;
}
