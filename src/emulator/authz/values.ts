import type { Access } from './access.js';

/** What a request says about a condition key; none: the key is absent. */
export type Values = readonly string[];

/** How a condition key is read. */
export type Reader = (access: Access) => Values;

/** Reads a family of keys (`aws:ResourceTag/…`); `name` is what follows, in lower case, since names of keys have no case. */
export type FamilyReader = (access: Access, name: string) => Values;

export const absent: Values = [];

/** A value, or several, that may not be there. */
export function valuesFrom(value: unknown): Values {
  if (value === undefined || value === null) return absent;
  if (Array.isArray(value)) return value.map(String);
  return [String(value)];
}
