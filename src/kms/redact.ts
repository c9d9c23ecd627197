import { createHash } from 'node:crypto';
import { sensitiveInput } from './sensitive.js';

/** Bytes, as a record shows them. */
export interface Digest {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The names of members that are dropped from an operation's input; what another service calls sensitive is never sent by us. */
export function sensitiveMembers(service: string, operation: string): readonly string[] {
  if (service !== 'kms') return [];
  return (sensitiveInput as Readonly<Record<string, readonly string[]>>)[operation] ?? [];
}

/** A call's input as plain data that may be shown: sensitive members are gone, bytes are their size and SHA-256. */
export function redact(service: string, operation: string, input: object): unknown {
  const dropped = new Set(sensitiveMembers(service, operation));
  return plain(Object.fromEntries(Object.entries(input).filter(([member]) => !dropped.has(member))));
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return digest(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(members.map(([name, member]) => [name, plain(member)]));
}

function digest(bytes: Uint8Array): Digest {
  return { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
