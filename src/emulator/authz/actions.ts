import type { OperationName } from '../operation.js';

/**
 * What a permission is needed on: the operation's `key` or `also`, the alias it names, the retiring principal it asks
 * about, a key that is still to be made, the role by which KMS synchronises multi-Region keys, or nothing in particular.
 */
export type Subject = 'key' | 'also' | 'alias' | 'retirer' | 'new key' | 'service-linked role' | 'account';

export interface Requirement {
  action: string;
  on: Subject;
  /** Needed only when the request has this member, and neither as an empty list nor as false. */
  when?: string;
  /** Asked in the Region that this member of the request names, not in the one it was sent to. */
  in?: string;
}

const onKey = (action: string): Requirement[] => [{ action: `kms:${action}`, on: 'key' }];
const onAccount = (action: string): Requirement[] => [{ action: `kms:${action}`, on: 'account' }];
const onNewKey = (more: Pick<Requirement, 'in'> = {}): Requirement[] => [
  { action: 'kms:CreateKey', on: 'new key', ...more },
  { action: 'kms:TagResource', on: 'new key', when: 'Tags', ...more },
];
const onAlias = (action: string): Requirement[] => [{ action: `kms:${action}`, on: 'alias' }, ...onKey(action)];

/**
 * Operation → the IAM actions it needs. Source: "AWS KMS permissions" in the Developer Guide
 * (docs.aws.amazon.com/kms/latest/developerguide/kms-api-permissions-reference.html).
 */
export const actions: Readonly<Record<OperationName, readonly Requirement[]>> = {
  CancelKeyDeletion: onKey('CancelKeyDeletion'),
  ConnectCustomKeyStore: onAccount('ConnectCustomKeyStore'),
  CreateAlias: onAlias('CreateAlias'),
  CreateCustomKeyStore: onAccount('CreateCustomKeyStore'),
  CreateGrant: onKey('CreateGrant'),
  // KMS makes its role anew with every primary key, and asks its caller for the permission ("Control access to multi-Region keys").
  CreateKey: [...onNewKey(), { action: 'iam:CreateServiceLinkedRole', on: 'service-linked role', when: 'MultiRegion' }],
  Decapsulate: onKey('Decapsulate'),
  Decrypt: onKey('Decrypt'),
  DeleteAlias: onAlias('DeleteAlias'),
  DeleteCustomKeyStore: onAccount('DeleteCustomKeyStore'),
  DeleteImportedKeyMaterial: onKey('DeleteImportedKeyMaterial'),
  DeriveSharedSecret: onKey('DeriveSharedSecret'),
  DescribeCustomKeyStores: onAccount('DescribeCustomKeyStores'),
  DescribeKey: onKey('DescribeKey'),
  DisableKey: onKey('DisableKey'),
  DisableKeyRotation: onKey('DisableKeyRotation'),
  DisconnectCustomKeyStore: onAccount('DisconnectCustomKeyStore'),
  EnableKey: onKey('EnableKey'),
  EnableKeyRotation: onKey('EnableKeyRotation'),
  Encapsulate: onKey('Encapsulate'),
  Encrypt: onKey('Encrypt'),
  GenerateDataKey: onKey('GenerateDataKey'),
  GenerateDataKeyPair: onKey('GenerateDataKeyPair'),
  GenerateDataKeyPairWithoutPlaintext: onKey('GenerateDataKeyPairWithoutPlaintext'),
  GenerateDataKeyWithoutPlaintext: onKey('GenerateDataKeyWithoutPlaintext'),
  GenerateMac: onKey('GenerateMac'),
  GenerateRandom: onAccount('GenerateRandom'),
  GetKeyLastUsage: onKey('GetKeyLastUsage'),
  GetKeyPolicy: onKey('GetKeyPolicy'),
  GetKeyRotationStatus: onKey('GetKeyRotationStatus'),
  GetParametersForImport: onKey('GetParametersForImport'),
  GetPublicKey: onKey('GetPublicKey'),
  ImportKeyMaterial: onKey('ImportKeyMaterial'),
  ListAliases: onAccount('ListAliases'),
  ListGrants: onKey('ListGrants'),
  ListKeyPolicies: onKey('ListKeyPolicies'),
  ListKeyRotations: onKey('ListKeyRotations'),
  ListKeys: onAccount('ListKeys'),
  ListResourceTags: onKey('ListResourceTags'),
  ListRetirableGrants: [{ action: 'kms:ListRetirableGrants', on: 'retirer' }],
  PutKeyPolicy: onKey('PutKeyPolicy'),
  ReEncrypt: [
    { action: 'kms:ReEncryptFrom', on: 'key' },
    { action: 'kms:ReEncryptTo', on: 'also' },
  ],
  ReplicateKey: [...onKey('ReplicateKey'), ...onNewKey({ in: 'ReplicaRegion' })],
  RetireGrant: onKey('RetireGrant'),
  RevokeGrant: onKey('RevokeGrant'),
  RotateKeyOnDemand: onKey('RotateKeyOnDemand'),
  ScheduleKeyDeletion: onKey('ScheduleKeyDeletion'),
  Sign: onKey('Sign'),
  TagResource: onKey('TagResource'),
  UntagResource: onKey('UntagResource'),
  UpdateAlias: [...onAlias('UpdateAlias'), { action: 'kms:UpdateAlias', on: 'also' }],
  UpdateCustomKeyStore: onAccount('UpdateCustomKeyStore'),
  UpdateKeyDescription: onKey('UpdateKeyDescription'),
  // On the primary key, and in the other Region on the replica that takes its place.
  UpdatePrimaryRegion: [...onKey('UpdatePrimaryRegion'), { action: 'kms:UpdatePrimaryRegion', on: 'also' }],
  Verify: onKey('Verify'),
  VerifyMac: onKey('VerifyMac'),
};

/** Whether the request has what makes a permission necessary. */
export function isNeeded({ when }: Requirement, request: Readonly<Record<string, unknown>>): boolean {
  const value = when === undefined ? true : request[when];
  return value !== undefined && value !== false && !(Array.isArray(value) && value.length === 0);
}

/**
 * What the caller must be able to do with a key once an operation has given it a policy, unless
 * BypassPolicyLockoutSafetyCheck says otherwise ("Default key policy", on unmanageable keys).
 */
export const lockoutCheck = 'kms:PutKeyPolicy';

/** The role that KMS synchronises multi-Region keys by, below an account's `role/` ("Authorizing AWS KMS to synchronize multi-Region keys"). */
export const synchronisingRole =
  'aws-service-role/mrk.kms.amazonaws.com/AWSServiceRoleForKeyManagementServiceMultiRegionKeys';

/**
 * Actions that may be used on another account's key; any other is refused there, whatever the policies say (the same page,
 * "Cross-account use").
 */
export const acrossAccounts: ReadonlySet<string> = new Set(
  [
    'CreateGrant',
    'Decapsulate',
    'Decrypt',
    'DeriveSharedSecret',
    'DescribeKey',
    'Encapsulate',
    'Encrypt',
    'GenerateDataKey',
    'GenerateDataKeyPair',
    'GenerateDataKeyPairWithoutPlaintext',
    'GenerateDataKeyWithoutPlaintext',
    'GenerateMac',
    'GetKeyRotationStatus',
    'GetPublicKey',
    'ListGrants',
    'ReEncryptFrom',
    'ReEncryptTo',
    'RetireGrant',
    'RevokeGrant',
    'Sign',
    'Verify',
    'VerifyMac',
  ].map((action) => `kms:${action}`),
);
