import type { KeyMetadata, MultiRegionConfiguration } from '@aws-sdk/client-kms';
import { keyArn } from '../arn.js';
import { algorithmsOf } from '../crypto/specs.js';
import { isImported } from './imports.js';
import type { Key } from './records.js';

function family({ account, id, region, shared }: Key): MultiRegionConfiguration {
  const member = (where: string) => ({ Arn: keyArn({ account, region: where }, id), Region: where });
  return {
    MultiRegionKeyType: region === shared.primaryRegion ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: member(shared.primaryRegion),
    ReplicaKeys: shared.regions.filter((where) => where !== shared.primaryRegion).map(member),
  };
}

function deletion({ deletion: window }: Key): Pick<KeyMetadata, 'DeletionDate' | 'PendingDeletionWindowInDays'> {
  if (!window) return {};
  // While replicas live, the primary's own waiting period has not begun: it has a length but no end.
  return window.due === undefined
    ? { PendingDeletionWindowInDays: window.days }
    : { DeletionDate: new Date(window.due) };
}

/** Of the material that is the key's for good, what expires first. */
function expiration(key: Key): Pick<KeyMetadata, 'ValidTo' | 'ExpirationModel'> {
  const here = key.shared.materials.filter(({ id }) => isImported(key, id));
  if (here.length === 0) return {};
  const times = here.flatMap(({ id }) => key.imports?.[id]?.expires ?? []);
  if (times.length === 0) return { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
  return { ValidTo: new Date(Math.min(...times)), ExpirationModel: 'KEY_MATERIAL_EXPIRES' };
}

/** Only these can be rotated, so only these tell their generations apart; before the first import there is none. */
function current({ shared }: Key): Pick<KeyMetadata, 'CurrentKeyMaterialId'> {
  const material = shared.spec === 'SYMMETRIC_DEFAULT' ? shared.materials.at(-1) : undefined;
  return material ? { CurrentKeyMaterialId: material.id } : {};
}

/** A key as CreateKey, DescribeKey and ReplicateKey describe it. */
export function metadataOf(key: Key): KeyMetadata {
  const { shared } = key;
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.created),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: shared.usage,
    KeyState: key.state,
    ...deletion(key),
    Origin: shared.origin,
    ...expiration(key),
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: shared.spec as NonNullable<KeyMetadata['CustomerMasterKeySpec']>,
    KeySpec: shared.spec,
    ...algorithmsOf(shared.spec, shared.usage),
    MultiRegion: shared.multiRegion,
    ...(shared.multiRegion ? { MultiRegionConfiguration: family(key) } : {}),
    ...current(key),
  };
}
