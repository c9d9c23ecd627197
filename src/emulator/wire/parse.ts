import { Fault } from '../fault.js';
import { operations } from './constraints.js';
import { decodeMembers, readJson } from './decode.js';
import { validate } from './validate.js';

/** The longest body that is read, in bytes. The largest request of the API (an attestation document) needs a third of it. */
export const maxBodyBytes = 1024 * 1024;

/** What a body over the limit is answered. */
export function tooLarge(): Fault {
  return new Fault('RequestEntityTooLargeException', `Request body exceeds ${maxBodyBytes} bytes`, 413);
}

/**
 * Turn a JSON 1.1 body into a checked request: blobs are bytes, times are dates, unknown members are gone.
 * Throws a Fault: SerializationException for what is not of the model's types, ValidationException for what breaks its constraints.
 */
export function parseInput(operation: string, body: Uint8Array): Record<string, unknown> {
  const model = operations.get(operation);
  if (!model) throw new Fault('UnknownOperationException', '');
  if (body.length > maxBodyBytes) throw tooLarge();
  const request = decodeMembers(model.input, readJson(body));
  validate(model.input, request);
  return request;
}

/** Text that JSON has as it is: nearly all that KMS answers. */
const plain = /^[ !#-[\]-~]*$/;

const quote = (text: string): string => (plain.test(text) ? `"${text}"` : JSON.stringify(text));

function pairs(value: object): string {
  let written = '';
  for (const name in value) {
    const entry = (value as Record<string, unknown>)[name];
    if (entry !== undefined) written += `${written && ','}${quote(name)}:${write(entry)}`;
  }
  return `{${written}}`;
}

function write(value: unknown): string {
  if (typeof value === 'string') return quote(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (value instanceof Uint8Array) {
    return `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`;
  }
  if (value instanceof Date) return String(value.getTime() / 1000);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  return pairs(value);
}

/** Write a reply as JSON: bytes become base64, dates become epoch seconds, undefined members are dropped. */
export function encodeReply(reply: object): string {
  return write(reply);
}
