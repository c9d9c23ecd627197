import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { decodeHeader, encodeHeader, tagLength } from './format.js';

/** The same bytes with the lowest bit of one of them flipped. */
export function flipped(bytes: Uint8Array, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
}

/** An envelope that somebody changed, and who notices: KMS when it unwraps the data key, or the tag in the end. */
export interface Tampered {
  what: string;
  /** The wrapped key, when that is what was changed. */
  tamperedKey?: Uint8Array;
  bytes: Buffer;
  exception: 'InvalidCiphertextException' | 'NotAuthentic';
}

/** An envelope changed by one bit in each of its parts, and cut short. */
export function tamperings(envelope: Buffer): Tampered[] {
  const { header, length } = decodeHeader(envelope);
  const body = length + Math.floor((envelope.length - tagLength - length) / 2);
  const inHeader = (changed: Partial<typeof header>) =>
    Buffer.concat([encodeHeader({ ...header, ...changed }), envelope.subarray(length)]);
  const { wrappedKey, nonce } = header;
  const tamperedKey = flipped(wrappedKey, wrappedKey.length - 1);
  const inContext = { ...header.context, purpose: 'another' };
  const byTag = { exception: 'NotAuthentic' } as const;
  const byKms = { exception: 'InvalidCiphertextException' } as const;
  return [
    { ...byTag, what: 'a bit of the body', bytes: flipped(envelope, body) },
    { ...byTag, what: 'a bit of the tag', bytes: flipped(envelope, envelope.length - 1) },
    { ...byTag, what: 'a bit of the header (its nonce)', bytes: inHeader({ nonce: flipped(nonce, 0) }) },
    { ...byTag, what: 'the end cut off', bytes: envelope.subarray(0, -tagLength) },
    { ...byKms, what: 'a bit of the wrapped key', bytes: inHeader({ wrappedKey: tamperedKey }), tamperedKey },
    { ...byKms, what: 'another encryption context', bytes: inHeader({ context: inContext }) },
  ];
}

/** Names in the folder of `path` that have `part` in them: temporary ones too. */
export const namesWith = (part: string, path: string): string[] =>
  readdirSync(dirname(path)).filter((name) => name.includes(part));
