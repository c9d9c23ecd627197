import type { KMS, Tag } from '@aws-sdk/client-kms';
import type { FoundKey } from './found.js';

/** What DescribeKey says, as far as it matters here. */
export async function describedBy(
  client: KMS,
  keyId: string,
): Promise<Omit<FoundKey, 'type' | 'region' | 'keyId' | 'ownership' | 'aliases'>> {
  const { KeyMetadata } = await client.describeKey({ KeyId: keyId });
  const { Arn, KeyState, CreationDate, DeletionDate, PendingDeletionWindowInDays } = KeyMetadata ?? {};
  const { MultiRegionKeyType, PrimaryKey, ReplicaKeys = [] } = KeyMetadata?.MultiRegionConfiguration ?? {};
  const here = Arn?.split(':')[3];
  const relatives = [PrimaryKey, ...ReplicaKeys].flatMap((key) => key?.Region ?? []).filter((at) => at !== here);
  return {
    arn: Arn ?? '',
    state: KeyState ?? 'unknown',
    ...(CreationDate && { created: CreationDate }),
    ...(DeletionDate && { deletionDate: DeletionDate }),
    ...(PendingDeletionWindowInDays && { pendingDays: PendingDeletionWindowInDays }),
    ...(MultiRegionKeyType && { multiRegion: MultiRegionKeyType, relatives }),
  };
}

/** All tags of a key. */
export async function tagsOf(client: KMS, keyId: string): Promise<Tag[]> {
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

/**
 * When a key was rotated, the first time first; none for a key that can't be rotated, undefined when the caller may not know.
 */
export async function rotationsOf(client: KMS, keyId: string): Promise<Date[] | undefined> {
  const dates: Date[] = [];
  let marker: string | undefined;
  try {
    do {
      const page = await client.listKeyRotations({ KeyId: keyId, Limit: 1000, ...(marker && { Marker: marker }) });
      dates.push(...(page.Rotations ?? []).flatMap(({ RotationDate }) => RotationDate ?? []));
      marker = page.Truncated ? page.NextMarker : undefined;
    } while (marker);
  } catch (error) {
    if (isNamed(error, 'UnsupportedOperationException') || isNamed(error, 'KMSInvalidStateException')) return [];
    if (isNamed(error, 'AccessDeniedException') || isNamed(error, 'NotFoundException')) return undefined;
    throw error;
  }
  return dates.sort((a, b) => a.getTime() - b.getTime());
}

/** A call whose key or alias may have vanished meanwhile. */
export async function unlessMissing<T, Missing>(call: Promise<T>, missing: Missing): Promise<T | Missing> {
  try {
    return await call;
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return missing;
    throw error;
  }
}

export const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;
