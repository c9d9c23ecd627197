import { createHash } from 'node:crypto';

/**
 * Which bytes are in which of the learner's files, so that an AWS CLI line can say `fileb://path`. Bytes are known by their
 * SHA-256; the same bytes may be in several files (a plaintext and its decrypted copy), so the order of events decides.
 */
export class FileRegistry {
  private readonly entries = new Map<string, { path: string; at: number }[]>();
  private count = 0;
  /** Told of each file, with its bytes. */
  onFile?: (bytes: Uint8Array, path: string) => void;

  /** `bytes` were read from, or written to, the file at `path` (as a person would type it). */
  register(bytes: Uint8Array, path: string): void {
    const digest = digestOf(bytes);
    const entries = this.entries.get(digest) ?? [];
    entries.push({ path, at: ++this.count });
    this.entries.set(digest, entries);
    this.onFile?.(bytes, path);
  }

  /** Now, in the order of events. */
  mark(): number {
    return this.count;
  }

  /** A file that holds these bytes: preferably the first that did before `mark`. */
  pathOf(bytes: Uint8Array, mark = this.count): string | undefined {
    const entries = this.entries.get(digestOf(bytes));
    return (entries?.find(({ at }) => at <= mark) ?? entries?.[0])?.path;
  }

  /** The file into which these bytes went after `mark`. */
  savedAs(bytes: Uint8Array, mark: number): string | undefined {
    return this.entries.get(digestOf(bytes))?.find(({ at }) => at > mark)?.path;
  }
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
