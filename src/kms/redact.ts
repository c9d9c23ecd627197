import { createHash } from 'node:crypto';
import { sensitiveInput } from './sensitive.js';

/** Bytes, as a record shows them. */
export interface Digest {
  bytes: number;
  /** Hexadecimal. */
  sha256: string;
}

/** The names of members of an operation's input that are not shown; what another service calls sensitive is never sent by us. */
export function sensitiveMembers(service: string, operation: string): readonly string[] {
  if (service !== 'kms') return [];
  return (sensitiveInput as Readonly<Record<string, readonly string[]>>)[operation] ?? [];
}

/**
 * A call's input as plain data that may be shown. Bytes are their size and SHA-256, and so are grant tokens. Passwords and
 * credentials (of custom key stores) are gone: people choose them, and from a digest they could be guessed.
 */
export function redact(service: string, operation: string, input: object): unknown {
  const sensitive = new Set(sensitiveMembers(service, operation));
  const members = Object.entries(input).map(([name, value]) => [
    name,
    sensitive.has(name) ? hidden(name, value) : value,
  ]);
  return plain(Object.fromEntries(members));
}

function hidden(member: string, value: unknown): unknown {
  if (value instanceof Uint8Array) return digest(value);
  const tokens = member.startsWith('GrantToken')
    ? [value].flat().map((token) => digest(Buffer.from(String(token))))
    : [];
  return Array.isArray(value) ? tokens : tokens[0];
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
