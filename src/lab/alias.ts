import type { CreateKeyRequest, KeyMetadata, KMS } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import type { Ownership } from '../kms/connection.js';
import { ownershipOf, sameOwner } from '../kms/tags.js';
import type { OwnKey } from './own.js';

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

/** The key that an alias leads to, or undefined when the name is free. */
export async function behind(kms: KMS, alias: string): Promise<OwnKey | undefined> {
  try {
    const { KeyMetadata: key } = await kms.describeKey({ KeyId: alias });
    return key?.KeyId && key.Arn ? { ...key, KeyId: key.KeyId, Arn: key.Arn } : undefined;
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return undefined;
    throw error;
  }
}

/** Refuse to touch what is not ours: only the tags tell, never the name. */
export async function guard(kms: KMS, ownership: Ownership, alias: string, key: OwnKey): Promise<void> {
  const stop = (why: string) => {
    throw new LabError('guard', `${alias} leads to ${why} (${key.KeyId})`, {
      hint: 'nothing was changed; work under names of your own with --namespace NAME',
    });
  };
  const { Tags } = await kms.listResourceTags({ KeyId: key.KeyId });
  const owned = ownershipOf(Tags ?? []);
  if (!owned) return stop('a key that kms-lab did not make');
  if (!sameOwner(owned, ownership.owner)) return stop(`a key of ${owned.owner}`);
  if (owned.lab !== ownership.lab || owned.namespace !== ownership.namespace)
    return stop(`a key of lab ${owned.lab}, namespace ${owned.namespace}`);
}

/** What CreateKey makes when it is not told (API reference, CreateKey). */
const defaults = {
  KeySpec: 'SYMMETRIC_DEFAULT',
  KeyUsage: 'ENCRYPT_DECRYPT',
  Origin: 'AWS_KMS',
  MultiRegion: false,
} as const;

/** Ready for use, and what CreateKey would make. */
export function usable(key: KeyMetadata, wanted: CreateKeyRequest): boolean {
  const members = Object.keys(defaults) as (keyof typeof defaults)[];
  const alike = members.every((member) => (key[member] ?? defaults[member]) === (wanted[member] ?? defaults[member]));
  return key.KeyState === 'Enabled' && alike;
}

/** AWS bills a key while it exists, but not while its deletion is scheduled (AWS KMS pricing page). */
export const costs = (key: KeyMetadata) => key.KeyState !== 'PendingDeletion';

/**
 * Lead the alias to the key; `found` is what it led to when it was looked at, and known to be ours. KMS has no conditional
 * UpdateAlias, so whoever moves the alias between the look right before it and the call itself is overruled; nothing but the
 * alias changes then, and both keys keep their tags. An answer lost on the way makes a second CreateAlias fail although the
 * first one worked.
 */
export async function lead(kms: KMS, alias: string, keyId: string, found: OwnKey | undefined): Promise<void> {
  if (found) {
    const now = await behind(kms, alias);
    if (now && now.KeyId !== found.KeyId && now.KeyId !== keyId) throw taken(alias, now.KeyId, keyId);
    const input = { AliasName: alias, TargetKeyId: keyId };
    await (now ? kms.updateAlias(input) : kms.createAlias(input));
    return;
  }
  try {
    await kms.createAlias({ AliasName: alias, TargetKeyId: keyId });
  } catch (error) {
    if (!isNamed(error, 'AlreadyExistsException')) throw error;
    const now = await behind(kms, alias);
    if (now?.KeyId !== keyId) throw taken(alias, now?.KeyId ?? 'unknown', keyId, error);
  }
}

function taken(alias: string, by: string, keyId: string, cause?: unknown): LabError {
  return new LabError('guard', `${alias} was taken by another key (${by}) in the meantime`, {
    hint: `run \`kms-lab cleanup\` to remove ${keyId}, which this run made, and work under --namespace NAME`,
    cause,
  });
}
