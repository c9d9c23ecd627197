import type { CreateKeyRequest, KeyMetadata, KMS, ReplicateKeyRequest, Tag } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import type { Ownership } from '../kms/connection.js';
import { createOwnedKey } from '../kms/own.js';
import { monthlyUsd } from '../kms/price.js';
import { aliasTag } from '../kms/tags.js';
import { behind, costs, guard, lead, usable } from './alias.js';
import type { KeySummary } from './events.js';
import { passingKey } from './passing.js';
import type { Until } from './until.js';

/** A KMS key as AWS describes it. */
export type OwnKey = KeyMetadata & { Arn: string; KeyId: string };

/** A lab's own keys. Their tags are put on by the client, inside CreateKey and ReplicateKey. */
export interface Own {
  /**
   * The lab's key that `name` stands for ("symmetric-key"): reused when it is Enabled and the caller's, made otherwise;
   * `alias/kms-lab-[NAMESPACE-]NAME` leads to it afterwards.
   * @throws LabError `guard` when the alias leads to a key that is not this caller's and lab's; nothing is changed then.
   */
  key(name: string, input?: CreateKeyRequest): Promise<OwnKey>;
  /** The same for a lab whose claims need a new key each run: the alias moves, and the summary names the older key. */
  newKey(name: string, input?: CreateKeyRequest): Promise<OwnKey>;
  /**
   * Replicate a multi-Region primary key of this Region into another one, wait until the replica is Enabled, and lead the alias
   * there to it.
   */
  replica(
    name: string,
    primary: OwnKey,
    region: string,
    input?: Omit<ReplicateKeyRequest, 'KeyId' | 'ReplicaRegion'>,
  ): Promise<OwnKey>;
  /**
   * A key for one claim: made without an alias, and its deletion scheduled when `use` has ended, so that it is not billed. Should
   * that fail, the summary names it.
   */
  passing<Result>(name: string, input: CreateKeyRequest, use: (key: OwnKey) => Promise<Result>): Promise<Result>;
  /** The keys of another Region. */
  in(region: string): Own;
  /** The alias name that `name` stands for in this run's namespace. */
  alias(name: string): string;
  /** The tag without which the client sends no CreateKey and no ReplicateKey: for a call of the lab's own that is to be refused. */
  tags(name: string): Tag[];
}

/** A key that the lab uses, and whether this run made it. */
export type LabKey = KeySummary & { made: boolean };

export interface OwnOptions {
  kmsIn(region: string): KMS;
  region: string;
  ownership: Ownership;
  /** Make a new key even where one could be reused. */
  fresh: boolean;
  until: Until;
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

export function owner(options: OwnOptions): Own {
  const { ownership, region, kmsIn } = options;
  const alias = (name: string) => aliasName(ownership.namespace, name);
  const make = async (name: string, input: CreateKeyRequest, fresh: boolean): Promise<OwnKey> => {
    const found = await ours(options, alias(name));
    if (found && !fresh && usable(found, input)) {
      options.note(`the key of an earlier run is used again: ${found.KeyId}`);
      options.onKey({ ...summary(found, region, alias(name)), made: false });
      return found;
    }
    const key = await createOwnedKey(kmsIn(region), input, alias(name));
    await adopt(options, alias(name), key, found);
    return key;
  };
  return {
    alias,
    key: (name, input = {}) => make(name, input, options.fresh),
    newKey: (name, input = {}) => make(name, input, true),
    replica: (name, primary, to, input = {}) => replicate(options, alias(name), primary, to, input),
    passing: (name, input, use) =>
      passingKey(options, alias(name), input, use, (key) =>
        options.onKey({ ...summary(key, region, alias(name)), made: true }),
      ),
    tags: (name) => [aliasTag(alias(name))],
    in: (other) => owner({ ...options, region: other }),
  };
}

const summary = ({ KeyId }: OwnKey, region: string, alias: string): KeySummary => ({
  keyId: KeyId,
  region,
  alias,
  monthlyUsd: monthlyUsd(1),
});

/** The key behind an alias of ours in this Region, when there is one; nobody else's. */
async function ours({ kmsIn, region, ownership }: OwnOptions, alias: string): Promise<OwnKey | undefined> {
  const kms = kmsIn(region);
  const found = await behind(kms, alias);
  if (found) await guard(kms, ownership, alias, found);
  return found;
}

/** A key has just been made: tell so before anything else can fail, and lead the alias to it. */
async function adopt(
  options: OwnOptions,
  alias: string,
  key: OwnKey,
  found: OwnKey | undefined,
  ready = async () => {},
): Promise<void> {
  const { kmsIn, region } = options;
  options.onKey({ ...summary(key, region, alias), made: true });
  await ready();
  await lead(kmsIn(region), alias, key.KeyId, found);
  if (found && found.KeyId !== key.KeyId) await moved(options, alias, key);
  if (found && found.KeyId !== key.KeyId && costs(found)) options.onOlder(summary(found, region, alias));
}

/** An alias that was moved leads to the key before for a while, and whoever names it would use that one. */
async function moved({ kmsIn, region, until }: OwnOptions, alias: string, { KeyId }: OwnKey): Promise<void> {
  await until(
    `${alias} leads to the new key`,
    () => kmsIn(region).describeKey({ KeyId: alias }),
    ({ KeyMetadata }) => KeyMetadata?.KeyId === KeyId,
  );
}

async function replicate(
  options: OwnOptions,
  alias: string,
  primary: OwnKey,
  region: string,
  input: Omit<ReplicateKeyRequest, 'KeyId' | 'ReplicaRegion'>,
): Promise<OwnKey> {
  const there = { ...options, region };
  const found = await ours(there, alias);
  const Tags = [...(input.Tags ?? []), aliasTag(alias)];
  const request = { ...input, KeyId: primary.KeyId, ReplicaRegion: region, Tags };
  const { ReplicaKeyMetadata: made } = await options.kmsIn(options.region).replicateKey(request);
  if (!made?.KeyId || !made.Arn) throw new LabError('unreachable', 'ReplicateKey was answered without a key');
  const replica = { ...made, KeyId: made.KeyId, Arn: made.Arn };
  await adopt(there, alias, replica, found, () => enabled(there, replica));
  return { ...replica, KeyState: 'Enabled', Enabled: true };
}

/** A replica is `Creating` at first, and no alias can lead to it. */
async function enabled({ kmsIn, region, until }: OwnOptions, { KeyId }: OwnKey): Promise<void> {
  await until(
    `the replica in ${region} is Enabled`,
    () => kmsIn(region).describeKey({ KeyId }),
    ({ KeyMetadata }) => KeyMetadata?.KeyState === 'Enabled',
  );
}
