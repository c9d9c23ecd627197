import { lastUsage } from '../audit/usage.js';
import type { SharedRecord } from '../world/records.js';
import type { Access } from './access.js';
import { absent, type FamilyReader, type Reader, type Values, valuesFrom } from './values.js';

const member = ({ request }: Access, name: string): unknown => (request as Record<string, unknown>)[name];

/** A member of the request of some operations, with what AWS takes when it is left out. */
const given =
  (operations: readonly string[], name: string, otherwise?: string): Reader =>
  (access) =>
    operations.includes(access.operation) ? valuesFrom(member(access, name) ?? otherwise) : absent;

/** A property of the key that is used, or of the one that is being made. */
const ofKey =
  (read: (shared: SharedRecord) => string, name: string, otherwise: string): Reader =>
  (access) => {
    const { key = access.replicaOf, operation } = access;
    if (key) return [read(key.shared)];
    return operation === 'CreateKey' ? valuesFrom(member(access, name) ?? otherwise) : absent;
  };

const createGrant = ['CreateGrant'];
const signing = ['Sign', 'Verify'];
const pair = ['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'];
const dataKeys = ['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', ...pair];

type Context = Readonly<Record<string, string>>;

/** ReEncrypt has two contexts, CreateGrant has one in the constraints of the grant it makes. */
function encryptionContext(access: Access): Context {
  const { action, operation } = access;
  if (operation === 'CreateGrant') {
    const constraints = member(access, 'Constraints') as
      | { EncryptionContextEquals?: Context; EncryptionContextSubset?: Context }
      | undefined;
    return { ...constraints?.EncryptionContextSubset, ...constraints?.EncryptionContextEquals };
  }
  const names: Readonly<Record<string, string>> = {
    'kms:ReEncryptFrom': 'SourceEncryptionContext',
    'kms:ReEncryptTo': 'DestinationEncryptionContext',
  };
  return (member(access, names[action] ?? 'EncryptionContext') as Context | undefined) ?? {};
}

function encryptionAlgorithm(access: Access): Values {
  const usual = 'SYMMETRIC_DEFAULT';
  if (access.action === 'kms:ReEncryptFrom') return valuesFrom(member(access, 'SourceEncryptionAlgorithm') ?? usual);
  if (access.action === 'kms:ReEncryptTo') return valuesFrom(member(access, 'DestinationEncryptionAlgorithm') ?? usual);
  return given(['Encrypt', 'Decrypt', ...dataKeys], 'EncryptionAlgorithm', usual)(access);
}

function multiRegionKeyType(access: Access): Values {
  const { key, replicaOf, operation } = access;
  if (replicaOf) return ['REPLICA'];
  if (key) {
    if (!key.shared.multiRegion) return absent;
    return [key.shared.primaryRegion === key.region ? 'PRIMARY' : 'REPLICA'];
  }
  return operation === 'CreateKey' && member(access, 'MultiRegion') === true ? ['PRIMARY'] : absent;
}

function resourceAliases({ world, key }: Access): Values {
  if (!world || !key) return absent;
  return [...world.at(key).aliases({ keyId: key.id })].map(({ name }) => name);
}

/** Seconds since 1970: the guide compares it as a number. */
function validTo(access: Access): Values {
  const time = access.operation === 'ImportKeyMaterial' ? member(access, 'ValidTo') : undefined;
  return time instanceof Date ? [String(time.getTime() / 1000)] : absent;
}

/** Whole days since the key's last cryptographic use, or since tracking began when there was none. */
function trailingDays({ world, key, operation }: Access): Values {
  if (!world || !key || !['DisableKey', 'ScheduleKeyDeletion'].includes(operation)) return absent;
  const since = lastUsage(world.store, key, key.id)?.time ?? key.created;
  return [String(Math.floor((world.now - since) / 86_400_000))];
}

/**
 * AWS KMS condition keys → how they are read (docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html). Absent for
 * every request here: kms:ViaService, since no service forwards requests, and kms:RecipientAttestation, since there are no enclaves.
 */
export const kmsKeys: Readonly<Record<string, Reader>> = {
  // Absent when it is left out, as the guide's examples with Null show; so is kms:ExpirationModel.
  'kms:BypassPolicyLockoutSafetyCheck': given(
    ['CreateKey', 'PutKeyPolicy', 'ReplicateKey'],
    'BypassPolicyLockoutSafetyCheck',
  ),
  'kms:CallerAccount': ({ caller, key, operation }) =>
    key || operation.includes('CustomKeyStore') ? [caller.account] : absent,
  'kms:CustomerMasterKeySpec': (access) => (kmsKeys['kms:KeySpec'] as Reader)(access),
  'kms:CustomerMasterKeyUsage': (access) => (kmsKeys['kms:KeyUsage'] as Reader)(access),
  'kms:DataKeyPairSpec': given(pair, 'KeyPairSpec'),
  'kms:EncryptionAlgorithm': encryptionAlgorithm,
  'kms:EncryptionContextKeys': (access) => Object.keys(encryptionContext(access)),
  'kms:ExpirationModel': given(['ImportKeyMaterial'], 'ExpirationModel'),
  'kms:GrantConstraintSourceArn': ({ operation, request }) =>
    operation === 'CreateGrant'
      ? valuesFrom((request as { Constraints?: { SourceArn?: string } }).Constraints?.SourceArn)
      : absent,
  'kms:GrantConstraintType': (access) =>
    access.operation === 'CreateGrant'
      ? Object.keys((member(access, 'Constraints') as object | undefined) ?? {})
      : absent,
  'kms:GrantIsForAWSResource': ({ operation }) =>
    ['CreateGrant', 'ListGrants', 'RevokeGrant'].includes(operation) ? ['false'] : absent,
  'kms:GrantOperations': given(createGrant, 'Operations'),
  'kms:GranteePrincipal': given(createGrant, 'GranteePrincipal'),
  'kms:GranteeServicePrincipal': given(createGrant, 'GranteeServicePrincipal'),
  'kms:KeyAgreementAlgorithm': given(['DeriveSharedSecret'], 'KeyAgreementAlgorithm'),
  'kms:KeyOrigin': ofKey(({ origin }) => origin, 'Origin', 'AWS_KMS'),
  'kms:KeySpec': (access) =>
    ofKey(
      ({ spec }) => spec,
      'KeySpec',
      String(member(access, 'CustomerMasterKeySpec') ?? 'SYMMETRIC_DEFAULT'),
    )(access),
  'kms:KeyUsage': ofKey(({ usage }) => usage, 'KeyUsage', 'ENCRYPT_DECRYPT'),
  'kms:MacAlgorithm': given(['GenerateMac', 'VerifyMac'], 'MacAlgorithm'),
  'kms:MessageType': given(signing, 'MessageType', 'RAW'),
  'kms:MultiRegion': ofKey(({ multiRegion }) => String(multiRegion), 'MultiRegion', 'false'),
  'kms:MultiRegionKeyType': multiRegionKeyType,
  'kms:PrimaryRegion': given(['UpdatePrimaryRegion'], 'PrimaryRegion'),
  'kms:ReEncryptOnSameKey': ({ operation, key, other }) =>
    operation === 'ReEncrypt' && key && other ? [String(key.arn === other.arn)] : absent,
  'kms:ReplicaRegion': given(['ReplicateKey'], 'ReplicaRegion'),
  'kms:RequestAlias': ({ alias }) => valuesFrom(alias),
  'kms:ResourceAliases': resourceAliases,
  'kms:RetiringPrincipal': given(createGrant, 'RetiringPrincipal'),
  'kms:RetiringServicePrincipal': given(createGrant, 'RetiringServicePrincipal'),
  'kms:RotationPeriodInDays': given(['EnableKeyRotation'], 'RotationPeriodInDays', '365'),
  'kms:ScheduleKeyDeletionPendingWindowInDays': given(['ScheduleKeyDeletion'], 'PendingWindowInDays', '30'),
  'kms:SigningAlgorithm': given(signing, 'SigningAlgorithm'),
  'kms:TrailingDaysWithoutKeyUsage': trailingDays,
  'kms:ValidTo': validTo,
  'kms:ViaService': () => absent,
  'kms:WrappingAlgorithm': given(['GetParametersForImport'], 'WrappingAlgorithm'),
  'kms:WrappingKeySpec': given(['GetParametersForImport'], 'WrappingKeySpec'),
};

/** The context's names have no case in a condition's key; kms:EncryptionContextKeys is what tells them apart. */
export const kmsPrefixes: Readonly<Record<string, FamilyReader>> = {
  'kms:EncryptionContext:': (access, name) =>
    Object.entries(encryptionContext(access))
      .filter(([key]) => key.toLowerCase() === name)
      .map(([, value]) => value),
};
