import type { CreateKeyRequest, KeyMetadata, KMS } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import type { Ownership } from '../kms/connection.js';
import { monthlyUsd } from '../kms/price.js';
import { aliasTag, ownershipOf, sameOwner } from '../kms/tags.js';
import type { KeySummary } from './events.js';

/** A lab's own keys. Their tags are put on by the client, inside CreateKey. */
export interface Own {
  /**
   * The lab's key that `name` stands for ("symmetric-key"): reused when it is Enabled and the caller's, made otherwise;
   * `alias/kms-lab-[NAMESPACE-]NAME` leads to it afterwards.
   * @throws LabError `guard` when the alias leads to a key that is not this caller's and lab's; nothing is changed then.
   */
  key(name: string, input: CreateKeyRequest): Promise<KeyMetadata & { Arn: string; KeyId: string }>;
  /** The alias name that `name` stands for in this run's namespace. */
  alias(name: string): string;
}

/** A key that the lab uses, and whether this run made it. */
export type LabKey = KeySummary & { made: boolean };

export interface OwnOptions {
  kms: KMS;
  region: string;
  ownership: Ownership;
  /** Make a new key even where one could be reused. */
  fresh: boolean;
  note(text: string): void;
  onKey(key: LabKey): void;
  onOlder(key: KeySummary): void;
}

/** The namespace of a run that names none; it leaves no trace in alias names. */
export const defaultNamespace = 'default';

/** `alias/kms-lab-symmetric-key`, or `alias/kms-lab-alice-symmetric-key` in namespace alice. */
export function aliasName(namespace: string, name: string): string {
  return `alias/kms-lab-${namespace === defaultNamespace ? '' : `${namespace}-`}${name}`;
}

const isNamed = (error: unknown, name: string) => error instanceof Error && error.name === name;

export function owner(options: OwnOptions): Own {
  const { kms, ownership, region } = options;
  const alias = (name: string) => aliasName(ownership.namespace, name);
  return {
    alias,
    async key(name, input) {
      const aliasOfKey = alias(name);
      const found = await behind(kms, aliasOfKey);
      if (found) await guard(options, aliasOfKey, found);
      const summary = (key: KeyMetadata): KeySummary => ({
        keyId: key.KeyId ?? '',
        region,
        alias: aliasOfKey,
        monthlyUsd: monthlyUsd(1),
      });
      if (found && !options.fresh && usable(found, input)) {
        options.note(`the key of an earlier run is used again: ${found.KeyId}`);
        options.onKey({ ...summary(found), made: false });
        return found as KeyMetadata & { Arn: string; KeyId: string };
      }
      const key = await create(options, aliasOfKey, input);
      options.onKey({ ...summary(key), made: true });
      await lead(kms, aliasOfKey, key.KeyId, found !== undefined);
      if (found && costs(found)) options.onOlder(summary(found));
      return key;
    },
  };
}

/** The key that an alias leads to, or undefined when the name is free. */
async function behind(kms: KMS, alias: string): Promise<KeyMetadata | undefined> {
  try {
    return (await kms.describeKey({ KeyId: alias })).KeyMetadata;
  } catch (error) {
    if (isNamed(error, 'NotFoundException')) return undefined;
    throw error;
  }
}

/** Refuse to touch what is not ours: only the tags tell, never the name. */
async function guard({ kms, ownership }: OwnOptions, alias: string, key: KeyMetadata): Promise<void> {
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
function usable(key: KeyMetadata, wanted: CreateKeyRequest): boolean {
  const members = Object.keys(defaults) as (keyof typeof defaults)[];
  const alike = members.every((member) => (key[member] ?? defaults[member]) === (wanted[member] ?? defaults[member]));
  return key.KeyState === 'Enabled' && alike;
}

/** AWS bills a key while it exists, but not while its deletion is scheduled (AWS KMS pricing page). */
const costs = (key: KeyMetadata) => key.KeyState !== 'PendingDeletion';

async function create({ kms }: OwnOptions, alias: string, input: CreateKeyRequest) {
  const tags = [...(input.Tags ?? []), aliasTag(alias)];
  const { KeyMetadata: key } = await kms.createKey({ ...input, Tags: tags });
  if (!key?.KeyId || !key.Arn) throw new LabError('unreachable', 'CreateKey was answered without a key');
  return key as KeyMetadata & { Arn: string; KeyId: string };
}

/** Lead the alias to the key. An answer lost on the way makes a second CreateAlias fail although the first one worked. */
async function lead(kms: KMS, alias: string, keyId: string, exists: boolean): Promise<void> {
  if (exists) {
    await kms.updateAlias({ AliasName: alias, TargetKeyId: keyId });
    return;
  }
  try {
    await kms.createAlias({ AliasName: alias, TargetKeyId: keyId });
  } catch (error) {
    if (!isNamed(error, 'AlreadyExistsException')) throw error;
    const taken = await behind(kms, alias);
    if (taken?.KeyId === keyId) return;
    throw new LabError('guard', `${alias} was taken by another key (${taken?.KeyId ?? 'unknown'}) in the meantime`, {
      hint: `run \`kms-lab cleanup\` to remove ${keyId}, which this run made, and work under --namespace NAME`,
      cause: error,
    });
  }
}
