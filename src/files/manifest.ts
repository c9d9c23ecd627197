import { createHash } from 'node:crypto';

/** The manifest's own file name. */
export const manifestName = 'manifest.json';

/** What tells a file from another: SHA-256 (hex) and size in bytes. */
export interface Fingerprint {
  sha256: string;
  bytes: number;
  /** The file that was there before, ours too: a process killed before the rename leaves that one behind. */
  replaces?: Fingerprint;
}

/** File name → what this program wrote under it. */
export type Manifest = Map<string, Fingerprint>;

export function fingerprint(bytes: Uint8Array): Fingerprint {
  return { sha256: createHash('sha256').update(bytes).digest('hex'), bytes: bytes.length };
}

/** Whether a file is one that `known` speaks of. */
export function matches(known: Fingerprint, current: Fingerprint): boolean {
  return [known, known.replaces].some((one) => one?.sha256 === current.sha256 && one.bytes === current.bytes);
}

/** Read a manifest; undefined when it is not one of ours. Others may write to the folder, so nothing in it is believed. */
export function parseManifest(bytes: Uint8Array, isName: (name: string) => boolean): Manifest | undefined {
  try {
    const { files, 'kms-lab': version } = JSON.parse(Buffer.from(bytes).toString('utf8'));
    if (version !== 1 || typeof files !== 'object' || files === null) return undefined;
    const manifest: Manifest = new Map();
    for (const [name, entry] of Object.entries(files)) {
      const read = parseFingerprint(entry);
      if (!isName(name) || !read) return undefined;
      manifest.set(name, read);
    }
    return manifest;
  } catch {
    return undefined;
  }
}

function parseFingerprint(value: unknown): Fingerprint | undefined {
  const { sha256, bytes, replaces } = (value ?? {}) as Partial<Record<keyof Fingerprint, unknown>>;
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256) || !Number.isSafeInteger(bytes)) return undefined;
  const before = replaces === undefined ? undefined : parseFingerprint(replaces);
  return { sha256, bytes: bytes as number, ...(before && { replaces: before }) };
}
