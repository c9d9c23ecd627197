import type { KeyMetadata, KMS, Tag } from '@aws-sdk/client-kms';
import { troubleOf } from './middleware.js';

/** A search for one key by its tags. */
export interface Search {
  kms: KMS;
  /** All must be on the key, with these values. */
  tags: readonly Tag[];
  /** Ids of keys that are known to be others; grows while searching. */
  foreign: Set<string>;
}

/** ListResourceTags calls in flight. */
const atOnce = 8;

/** Look through all keys of the Region for the one with these tags. */
export async function findTagged(search: Search): Promise<KeyMetadata | undefined> {
  let Marker: string | undefined;
  do {
    const page = await search.kms.listKeys({ Limit: 1000, ...(Marker && { Marker }) });
    const ids = (page.Keys ?? []).flatMap(({ KeyId }) => (KeyId && !search.foreign.has(KeyId) ? [KeyId] : []));
    while (ids.length > 0) {
      const some = ids.splice(0, atOnce);
      const hits = await Promise.all(some.map((id) => bears(search, id)));
      const hit = some[hits.indexOf(true)];
      if (hit) return describe(search, hit);
    }
    Marker = page.Truncated ? page.NextMarker : undefined;
  } while (Marker);
  return undefined;
}

/** Look for the replica of a multi-Region key: it has its primary's key id. */
export async function findReplica(search: Search, primary: string): Promise<KeyMetadata | undefined> {
  const id = primary.slice(primary.lastIndexOf('/') + 1);
  return (await bears(search, id)) ? describe(search, id) : undefined;
}

async function describe({ kms }: Search, KeyId: string): Promise<KeyMetadata | undefined> {
  return (await kms.describeKey({ KeyId })).KeyMetadata;
}

/** Whether a key bears the tags. One without any tag is looked at again next time: tags may show later than their key. */
async function bears({ kms, tags, foreign }: Search, KeyId: string): Promise<boolean> {
  try {
    const { Tags = [] } = await kms.listResourceTags({ KeyId });
    const value = new Map(Tags.map((tag) => [tag.TagKey, tag.TagValue]));
    const hit = tags.every((tag) => value.get(tag.TagKey) === tag.TagValue);
    if (!hit && Tags.length > 0) foreign.add(KeyId);
    return hit;
  } catch (error) {
    // A key whose tags this caller may not read was not made by it.
    if (troubleOf(error).name !== 'AccessDeniedException') throw error;
    foreign.add(KeyId);
    return false;
  }
}
