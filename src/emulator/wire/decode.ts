import { Fault } from '../fault.js';
import type { Shape } from './constraints.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });
const base64 = /^[A-Za-z0-9+/]*={0,2}$/;

function wrong(message: string): Fault {
  return new Fault('SerializationException', message);
}

/** Read a JSON 1.1 body. AWS names no position in bad JSON, and neither do we: the body may hold a secret. */
export function readJson(body: Uint8Array): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(body));
  } catch {
    throw new Fault('SerializationException', '');
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw wrong(Array.isArray(value) ? 'Start of list found where not expected' : 'Unexpected value type in payload');
}

/** AWS's name for a JSON value in "… can not be converted to …". Values themselves are not repeated. */
function token(value: unknown): string {
  if (typeof value === 'string') return 'STRING_VALUE';
  if (typeof value === 'number') return Number.isInteger(value) ? 'NUMBER_VALUE' : 'DECIMAL_VALUE';
  return value === true ? 'TRUE_VALUE' : 'FALSE_VALUE';
}

function mismatch(value: unknown, wanted: string): Fault {
  if (Array.isArray(value)) return wrong('Start of list found where not expected');
  if (typeof value === 'object') return wrong('Start of structure or map found where not expected.');
  return wrong(`${token(value)} can not be converted to ${wanted}`);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function blob(value: unknown): Uint8Array {
  if (typeof value !== 'string') throw mismatch(value, 'a Blob');
  if (value.length % 4 !== 0) {
    throw wrong(`Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`);
  }
  if (!base64.test(value)) throw wrong('Invalid Base64 character');
  return Buffer.from(value, 'base64');
}

function integer(value: unknown): number {
  if (typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= 0x7fffffff) return value;
  throw mismatch(value, 'an Integer');
}

/** Epoch seconds, with milliseconds as decimals. */
function timestamp(value: unknown): Date {
  if (typeof value !== 'number') throw mismatch(value, 'a Date');
  const date = new Date(Math.round(value * 1000));
  if (Number.isNaN(date.getTime())) throw wrong('NUMBER_VALUE can not be converted to a Date');
  return date;
}

/** Null entries are kept: they break a constraint, not a type. */
function list(shape: Shape, value: unknown): unknown[] {
  if (!Array.isArray(value)) throw isObject(value) ? mismatch(value, 'a List') : wrong('Expected list or null');
  const member = shape.member as Shape;
  return value.map((entry) => (entry === null ? null : decode(member, entry)));
}

/** The parsed object itself, whose members are its own even when one is called `__proto__`. */
function map(shape: Shape, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw Array.isArray(value) ? mismatch(value, 'a Map') : wrong('Expected map or null');
  const kind = shape.value as Shape;
  for (const key of Object.keys(value)) if (value[key] !== null) decode(kind, value[key]);
  return value;
}

/** Take the members the model knows; unknown and null ones are as if they were not there. */
export function decodeMembers(members: Record<string, Shape>, value: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const name in members) {
    if (!Object.hasOwn(value, name)) continue;
    const entry = value[name];
    if (entry !== null) result[name] = decode(members[name] as Shape, entry);
  }
  return result;
}

function structure(shape: Shape, value: unknown): Record<string, unknown> {
  if (!isObject(value)) throw Array.isArray(value) ? mismatch(value, 'a Structure') : wrong('Unexpected field type');
  return decodeMembers(shape.members ?? {}, value);
}

/** Turn a JSON value into what the model says it is, or throw SerializationException. */
export function decode(shape: Shape, value: unknown): unknown {
  switch (shape.type) {
    case 'string':
      if (typeof value === 'string') return value;
      throw mismatch(value, 'a String');
    case 'boolean':
      if (typeof value === 'boolean') return value;
      throw mismatch(value, 'a Boolean');
    case 'integer':
      return integer(value);
    case 'blob':
      return blob(value);
    case 'timestamp':
      return timestamp(value);
    case 'list':
      return list(shape, value);
    case 'map':
      return map(shape, value);
    default:
      return structure(shape, value);
  }
}
