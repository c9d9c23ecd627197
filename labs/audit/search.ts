import type { Found } from './look-up.js';

/**
 * The ways in which bytes may stand in a text: as they are, in hex, in base64. Base64 of something longer that contains them is
 * that of the bytes from the first, second or third on.
 */
export function spellings(bytes: Uint8Array): Uint8Array {
  const buffer = Buffer.from(bytes);
  const base64 = [0, 1, 2].map((from) => buffer.subarray(from).toString('base64'));
  return Buffer.concat([buffer, Buffer.from([buffer.toString('hex'), ...base64].join('\n'))]);
}

/** All that the records say: as CloudTrail keeps them, without JSON's escapes, and in lower case, since hex may be in upper. */
export function everything(found: readonly Found[]): Uint8Array {
  const texts = found.flatMap(({ text, record }) => [text, JSON.stringify(record)]);
  return Buffer.from([...texts, ...texts.map((text) => text.toLowerCase())].join('\n'));
}

/** Pairs as one text, whatever their order. */
export const inOrder = (context: Record<string, string> = {}) => JSON.stringify(Object.entries(context).sort());
