import { createHash } from 'node:crypto';
import type { Tag } from '@aws-sdk/client-kms';
import type { Ownership } from './connection.js';

/** The keys of the tags that say whose a KMS key is. They are the one truth about what kms-lab owns. */
export const tagKeys = {
  lab: 'kms-lab',
  namespace: 'kms-lab:namespace',
  run: 'kms-lab:run',
  owner: 'kms-lab:owner',
  created: 'kms-lab:created',
  alias: 'kms-lab:alias',
} as const;

/** Beside those six on a key that one step alone needs: its lab schedules its deletion, and nobody wants it back. */
export const passingTag: Tag = { TagKey: 'kms-lab:passing', TagValue: 'yes' };

/** A key's ownership tags, decoded. */
export interface Owned extends Ownership {
  /** ISO 8601 time at which the key was asked for; unique within a run. */
  created: string;
  /** The alias name that the key was made for. */
  alias: string;
  /** It was made for one step: see `passingTag`. */
  passing?: true;
}

/** Longest tag value that KMS takes (API reference, `Tag`). */
const longest = 256;

type Six = keyof typeof tagKeys;

const wellFormed: Readonly<Record<Six, RegExp>> = {
  lab: /^[a-z][a-z0-9-]*$/,
  namespace: /^[A-Za-z0-9][A-Za-z0-9_-]*$/,
  run: /^[A-Za-z0-9][A-Za-z0-9._:-]*$/,
  owner: /^(unknown|arn:aws[a-z-]*:(iam|sts)::\d{12}:.+)$/,
  created: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
  alias: /^alias\/[A-Za-z0-9/_-]+$/,
};

/**
 * Spell a value with what KMS allows in a tag: letters, digits, spaces and `+ - = . _ : / @`. IAM allows a comma in names and
 * KMS does not in tags, so anything else becomes `=2C` (and `=` itself `=3D`, to stay reversible). A longer value than KMS
 * takes ends in its SHA-256.
 */
export function tagValue(text: string): string {
  const escaped = text.replace(/[^\p{L}\p{Z}\p{N}_.:/+\-@]/gu, (char) =>
    [...Buffer.from(char)].map((byte) => `=${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  );
  if (escaped.length <= longest) return escaped;
  return `${escaped.slice(0, longest - 65)}/${createHash('sha256').update(text).digest('hex')}`;
}

/** The reverse of `tagValue`, but for values that were too long. A value that nobody escaped stays as it is. */
function fromTagValue(value: string): string {
  return value.replace(/(?:=[0-9A-F]{2})+/g, (run) => Buffer.from(run.replaceAll('=', ''), 'hex').toString());
}

/** The alias that a new key is for; the client refuses to make a key without it. */
export const aliasTag = (alias: string): Tag => ({ TagKey: tagKeys.alias, TagValue: alias });

/** The six tags of a key that is about to be made. */
export function tagsOf(ownership: Ownership, alias: string, created: string): Tag[] {
  const values: Owned = { ...ownership, alias, created };
  return Object.entries(tagKeys).map(([name, TagKey]) => ({ TagKey, TagValue: tagValue(values[name as Six]) }));
}

/** What a key's tags say about its owner; undefined unless all six tags are there and well-formed: then it is not ours. */
export function ownershipOf(tags: readonly Tag[]): Owned | undefined {
  const byKey = new Map(tags.map((tag) => [tag.TagKey, tag.TagValue]));
  const owned: Partial<Owned> = byKey.has(passingTag.TagKey) ? { passing: true } : {};
  for (const name of Object.keys(tagKeys) as Six[]) {
    const value = fromTagValue(byKey.get(tagKeys[name]) ?? '');
    if (!wellFormed[name].test(value)) return undefined;
    owned[name] = value;
  }
  return owned as Owned;
}

/** Whether a key's tags name this caller, also when the ARN was too long for a tag. */
export function sameOwner(owned: Owned, owner: string): boolean {
  return owned.owner === fromTagValue(tagValue(owner));
}
