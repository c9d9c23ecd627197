import { Fault } from '../fault.js';

/**
 * Turn a JSON 1.1 body into a checked request: blobs are bytes, times are dates, unknown members are gone.
 * Throws a Fault: SerializationException for what is not of the model's types, ValidationException for what breaks its constraints.
 */
export function parseInput(operation: string, _body: Uint8Array): Record<string, unknown> {
  throw new Fault('SerializationException', operation);
}

/** Write a reply as JSON: bytes become base64, dates become epoch seconds, undefined members are dropped. */
export function encodeReply(_reply: object): Uint8Array {
  return new Uint8Array();
}
