/**
 * The file format of the lab, in the order of its bytes; numbers are big-endian:
 *
 *     8      "KMSLAB1\n"
 *     2      length of the wrapped key
 *     …      the wrapped key: `CiphertextBlob` of GenerateDataKey, as it is
 *     2      length of the encryption context
 *     …      the encryption context: a JSON object of strings, UTF-8
 *     12     nonce
 *     ─ so far the header: additional authenticated data of what follows ─
 *     …      the file, encrypted with AES-256-GCM: as many bytes as the file has
 *     16     authentication tag
 */
import { randomBytes } from 'node:crypto';
import { NotAuthentic } from '../../src/envelope/not-authentic.js';

const magic = Buffer.from('KMSLAB1\n');
const nonceLength = 12;
export const tagLength = 16;
/** The longest header that the two lengths allow. */
export const longestHeader = magic.length + 2 * (2 + 0xffff) + nonceLength;

/** AES-GCM takes 2³⁹ − 256 bits under one key and nonce (NIST SP 800-38D, 5.2.1.1): 64 GiB less 32 bytes. */
export const longestFile = 2 ** 36 - 32;

/** Whether bytes begin as an envelope of the lab does. */
export const hasHeader = (bytes: Uint8Array): boolean => magic.equals(bytes.subarray(0, magic.length));

export interface Header {
  wrappedKey: Uint8Array;
  context: Readonly<Record<string, string>>;
  nonce: Uint8Array;
}

/** For a file that is to be encrypted under a data key which encrypts nothing else. */
export const headerFor = (wrappedKey: Uint8Array, context: Header['context']): Header => ({
  wrappedKey,
  context,
  nonce: randomBytes(nonceLength),
});

/** @throws RangeError when a part is longer than its length can say */
export function encodeHeader({ wrappedKey, context, nonce }: Header): Buffer {
  return Buffer.concat([magic, ...withLength(wrappedKey), ...withLength(Buffer.from(JSON.stringify(context))), nonce]);
}

function withLength(bytes: Uint8Array): [Uint8Array, Uint8Array] {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(bytes.length);
  return [length, bytes];
}

/**
 * The header at the beginning of `bytes`, and how long it is. That it is as it was written shows only when the tag is verified.
 * @throws NotAuthentic when there is none
 */
export function decodeHeader(bytes: Buffer): { header: Header; length: number } {
  let at = 0;
  const take = (length: number) => {
    if (at + length > bytes.length) throw new NotAuthentic('the header is cut short');
    at += length;
    return bytes.subarray(at - length, at);
  };
  if (!take(magic.length).equals(magic)) throw new NotAuthentic('this is no envelope of this lab');
  const wrappedKey = take(take(2).readUInt16BE());
  const context = contextIn(take(take(2).readUInt16BE()));
  return { header: { wrappedKey, context, nonce: take(nonceLength) }, length: at };
}

function contextIn(json: Buffer): Record<string, string> {
  try {
    const context: unknown = JSON.parse(json.toString());
    if (typeof context === 'object' && context !== null && Object.values(context).every((it) => typeof it === 'string'))
      return context as Record<string, string>;
  } catch (error) {
    throw new NotAuthentic('the encryption context is damaged', { cause: error });
  }
  throw new NotAuthentic('the encryption context is damaged');
}
