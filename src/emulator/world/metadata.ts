import type { KeyMetadata, MultiRegionConfiguration } from '@aws-sdk/client-kms';
import { keyArn } from '../arn.js';
import { algorithmsOf } from '../crypto/specs.js';
import { isImported } from './imports.js';
import type { Key } from './records.js';

const none = {};

function family({ account, id, region, shared }: Key): MultiRegionConfiguration {
  const member = (where: string) => ({ Arn: keyArn({ account, region: where }, id), Region: where });
  return {
    MultiRegionKeyType: region === shared.primaryRegion ? 'PRIMARY' : 'REPLICA',
    PrimaryKey: member(shared.primaryRegion),
    ReplicaKeys: shared.regions.filter((where) => where !== shared.primaryRegion).map(member),
  };
}

/** While replicas live, the primary's own waiting period has not begun: it has a length but no end. */
function deletion({ deletion: window }: Key): Pick<KeyMetadata, 'DeletionDate' | 'PendingDeletionWindowInDays'> {
  if (!window) return none;
  return window.due === undefined
    ? { PendingDeletionWindowInDays: window.days }
    : { DeletionDate: new Date(window.due) };
}

/** Of the material that is the key's for good, what expires first. */
function expiration(key: Key): Pick<KeyMetadata, 'ValidTo' | 'ExpirationModel'> {
  const here = key.shared.materials.filter(({ id }) => isImported(key, id));
  if (here.length === 0) return none;
  const times = here.flatMap(({ id }) => key.imports?.[id]?.expires ?? []);
  if (times.length === 0) return { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' };
  return { ValidTo: new Date(Math.min(...times)), ExpirationModel: 'KEY_MATERIAL_EXPIRES' };
}

/** Only these can be rotated, so only these tell their generations apart; before the first import there is none. */
function currentId({ shared }: Key): string | undefined {
  return shared.spec === 'SYMMETRIC_DEFAULT' ? shared.materials.at(-1)?.id : undefined;
}

/** A key as CreateKey, DescribeKey and ReplicateKey describe it; what is undefined is not in the answer. */
export function metadataOf(key: Key): KeyMetadata {
  const { shared } = key;
  const { DeletionDate, PendingDeletionWindowInDays } = deletion(key);
  const { ValidTo, ExpirationModel } = expiration(key);
  const algorithms = algorithmsOf(shared.spec, shared.usage);
  return {
    AWSAccountId: key.account,
    KeyId: key.id,
    Arn: key.arn,
    CreationDate: new Date(key.created),
    Enabled: key.state === 'Enabled',
    Description: key.description,
    KeyUsage: shared.usage,
    KeyState: key.state,
    DeletionDate,
    PendingDeletionWindowInDays,
    Origin: shared.origin,
    ValidTo,
    ExpirationModel,
    KeyManager: 'CUSTOMER',
    CustomerMasterKeySpec: shared.spec as NonNullable<KeyMetadata['CustomerMasterKeySpec']>,
    KeySpec: shared.spec,
    EncryptionAlgorithms: algorithms.EncryptionAlgorithms,
    SigningAlgorithms: algorithms.SigningAlgorithms,
    MacAlgorithms: algorithms.MacAlgorithms,
    KeyAgreementAlgorithms: algorithms.KeyAgreementAlgorithms,
    EncapsulationAlgorithms: algorithms.EncapsulationAlgorithms,
    MultiRegion: shared.multiRegion,
    MultiRegionConfiguration: shared.multiRegion ? family(key) : undefined,
    CurrentKeyMaterialId: currentId(key),
  };
}
