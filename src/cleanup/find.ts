import type { KeyMetadata, KMS, Tag } from '@aws-sdk/client-kms';
import { classify } from '../errors.js';
import type { Ownership } from '../kms/connection.js';
import { type Owned, ownershipOf, sameOwner } from '../kms/tags.js';

/** Narrows a search; what is not given matches everything. */
export type Filter = Partial<Pick<Ownership, 'owner' | 'namespace' | 'lab' | 'run'>>;

/** A key that bears all our tags, as AWS described it. */
export interface FoundKey {
  type: 'key';
  region: string;
  keyId: string;
  arn: string;
  ownership: Owned;
  /** All aliases that lead to it, ours or not ("alias/…"). */
  aliases: string[];
  /** As DescribeKey says it: "Enabled", "PendingDeletion"… */
  state: string;
  created?: Date;
  /** When AWS deletes it at the earliest, once that is scheduled. */
  deletionDate?: Date;
  multiRegion?: 'PRIMARY' | 'REPLICA';
}

/** A key whose tags, description or aliases the caller may not read: whose it is cannot be told. */
export interface UnreadableKey {
  type: 'unreadable';
  region: string;
  keyId: string;
  reason: string;
}

/** A Region whose keys the caller may not list. */
export interface UnsweptRegion {
  type: 'unswept';
  region: string;
  reason: string;
  error: unknown;
}

export type Found = FoundKey | UnreadableKey | UnsweptRegion;

export interface Search {
  /** The SDK client of a Region. */
  kms(region: string): KMS;
  regions: readonly string[];
  filter?: Filter;
}

/** Keys looked at together: well below the quotas (ListResourceTags and DescribeKey: 2,000 a second). */
const together = 10;

/**
 * Find the keys that kms-lab made, by their tags and nothing else, all pages of each Region. What the caller may not read is
 * reported and does not stop the search; a key that vanished meanwhile is left out; any other error is thrown.
 */
export async function* find({ kms, regions, filter = {} }: Search): AsyncGenerator<Found> {
  for (const region of regions) {
    try {
      const client = kms(region);
      for await (const page of pages(client)) {
        for (let at = 0; at < page.length; at += together) {
          const looked = page.slice(at, at + together).map((keyId) => look(client, region, keyId, filter));
          for (const found of await Promise.all(looked)) if (found) yield found;
        }
      }
    } catch (error) {
      if (!isDenied(error)) throw error;
      yield { type: 'unswept', region, reason: classify(error).message, error };
    }
  }
}

async function* pages(client: KMS): AsyncGenerator<string[]> {
  let marker: string | undefined;
  do {
    const page = await client.listKeys({ Limit: 1000, ...(marker && { Marker: marker }) });
    yield (page.Keys ?? []).flatMap(({ KeyId }) => KeyId ?? []);
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker);
}

/** One key: undefined when it is not ours, does not match, or is gone. */
async function look(client: KMS, region: string, keyId: string, filter: Filter): Promise<Found | undefined> {
  try {
    const ownership = ownershipOf(await tagsOf(client, keyId));
    if (!ownership || !fits(ownership, filter)) return undefined;
    const [{ KeyMetadata: metadata }, aliases] = await Promise.all([
      client.describeKey({ KeyId: keyId }),
      aliasesOf(client, keyId),
    ]);
    return { type: 'key', region, keyId, ownership, aliases, ...described(metadata) };
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return undefined;
    if (isDenied(error)) return { type: 'unreadable', region, keyId, reason: classify(error).message };
    throw error;
  }
}

function described(metadata: KeyMetadata | undefined) {
  const { Arn, KeyState, CreationDate, DeletionDate, MultiRegionConfiguration } = metadata ?? {};
  const multiRegion = MultiRegionConfiguration?.MultiRegionKeyType;
  return {
    arn: Arn ?? '',
    state: KeyState ?? 'unknown',
    ...(CreationDate && { created: CreationDate }),
    ...(DeletionDate && { deletionDate: DeletionDate }),
    ...(multiRegion && { multiRegion }),
  };
}

async function tagsOf(client: KMS, keyId: string): Promise<Tag[]> {
  const tags: Tag[] = [];
  let marker: string | undefined;
  do {
    const page = await client.listResourceTags({ KeyId: keyId, ...(marker && { Marker: marker }) });
    tags.push(...(page.Tags ?? []));
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker);
  return tags;
}

/** The names of all aliases that lead to a key. */
export async function aliasesOf(client: KMS, keyId: string): Promise<string[]> {
  const names: string[] = [];
  let marker: string | undefined;
  do {
    const page = await client.listAliases({ KeyId: keyId, ...(marker && { Marker: marker }) });
    names.push(...(page.Aliases ?? []).flatMap(({ AliasName }) => AliasName ?? []));
    marker = page.Truncated ? page.NextMarker : undefined;
  } while (marker);
  return names.sort();
}

function fits(ownership: Owned, { owner, ...others }: Filter): boolean {
  if (owner !== undefined && !sameOwner(ownership, owner)) return false;
  const named = ['namespace', 'lab', 'run'] as const;
  return named.every((tag) => others[tag] === undefined || others[tag] === ownership[tag]);
}

const isDenied = (error: unknown) => classify(error).kind === 'denied';
