import { describe, expect, it } from 'vitest';
import { putLastUsage } from '../../../src/emulator/audit/usage.js';
import type { Access } from '../../../src/emulator/authz/access.js';
import { conditionValues } from '../../../src/emulator/authz/condition-keys.js';
import { globalKeys, globalPrefixes } from '../../../src/emulator/authz/global-keys.js';
import { kmsKeys, kmsPrefixes } from '../../../src/emulator/authz/kms-keys.js';
import { memoryStore } from '../../../src/emulator/store/memory.js';
import type { Key } from '../../../src/emulator/world/records.js';
import { World } from '../../../src/emulator/world/world.js';
import { account, user } from '../../support/policies.js';

const day = 86_400_000;
const now = Date.parse('2026-06-01T12:00:00Z');
const place = { account, region: 'us-east-1' };

const shared = {
  account,
  id: '1',
  spec: 'RSA_2048',
  usage: 'SIGN_VERIFY',
  origin: 'EXTERNAL',
  multiRegion: true,
  primaryRegion: 'us-east-1',
  regions: ['us-east-1', 'eu-west-1'],
  materials: [],
} as const;
const keyIn = (region: string): Key => ({
  account,
  region,
  id: '1',
  arn: `arn:aws:kms:${region}:${account}:key/1`,
  state: 'Enabled',
  created: now - 10 * day,
  description: '',
  policy: '{}',
  tags: [{ TagKey: 'Team', TagValue: 'blue' }],
  shared,
});
const key = keyIn('us-east-1');

const store = memoryStore();
const world = new World(store, place, () => now);
store.write(() => {
  for (const name of ['alias/a', 'alias/b']) world.putAlias({ name, keyId: '1', created: now, updated: now });
});

function access(operation: string, request: object = {}, more: Partial<Access> = {}): Access {
  return {
    caller: { accessKeyId: 'k', account, arn: user('team/anna'), userId: 'AIDA1', identityPolicies: [] },
    action: `kms:${operation}`,
    resource: key.arn,
    operation,
    request,
    region: 'us-east-1',
    world,
    from: { sourceIp: '10.0.0.1', userAgent: 'aws-cli/2' },
    ...more,
  };
}

const using = (operation: string, request: object = {}, more: Partial<Access> = {}) =>
  access(operation, request, { key, ...more });
const session = { ...access('').caller, arn: `arn:aws:sts::${account}:assumed-role/Reader/anna`, userId: 'AROA1:anna' };
const contexts = { SourceEncryptionContext: { a: '1' }, DestinationEncryptionContext: { b: '2' } };
const from = { action: 'kms:ReEncryptFrom' };
const to = { action: 'kms:ReEncryptTo' };
const grant = {
  Operations: ['Encrypt', 'Decrypt'],
  GranteePrincipal: user('grantee'),
  RetiringPrincipal: user('retiring'),
  Constraints: { EncryptionContextSubset: { tenant: 'a' } },
};
const serviceGrant = {
  GranteeServicePrincipal: 'a.amazonaws.com',
  RetiringServicePrincipal: 'b.amazonaws.com',
  Constraints: { SourceArn: 'arn:aws:s3:::bucket' },
};
const replica = { replicaOf: key, region: 'eu-west-1', action: 'kms:CreateKey' };

const cases: [key: string, access: Access, values: string[]][] = [
  ['aws:CurrentTime', access('Encrypt'), ['2026-06-01T12:00:00.000Z']],
  ['aws:EpochTime', access('Encrypt'), [String(now / 1000)]],
  ['aws:PrincipalAccount', access('Encrypt'), [account]],
  ['aws:PrincipalArn', access('Encrypt'), [user('team/anna')]],
  ['aws:PrincipalArn', access('Encrypt', {}, { caller: session }), [`arn:aws:iam::${account}:role/Reader`]],
  ['aws:PrincipalIsAWSService', access('Encrypt'), ['false']],
  ['aws:PrincipalTag/team', access('Encrypt'), []],
  ['aws:PrincipalType', access('Encrypt'), ['User']],
  ['aws:PrincipalType', access('Encrypt', {}, { caller: session }), ['AssumedRole']],
  [
    'aws:PrincipalType',
    access('Encrypt', {}, { caller: { ...session, arn: `arn:aws:iam::${account}:root` } }),
    ['Account'],
  ],
  ['aws:RequestTag/team', access('CreateKey', { Tags: [{ TagKey: 'Team', TagValue: 'red' }] }), ['red']],
  ['aws:RequestTag/team', access('ReplicateKey', { Tags: [{ TagKey: 'team', TagValue: 'red' }] }), ['red']],
  ['aws:RequestTag/team', access('CreateKey'), []],
  ['aws:RequestedRegion', access('Encrypt'), ['us-east-1']],
  ['aws:ResourceAccount', using('Encrypt'), [account]],
  ['aws:ResourceTag/team', using('Encrypt'), ['blue']],
  ['aws:ResourceTag/other', using('Encrypt'), []],
  ['aws:SecureTransport', access('Encrypt'), ['true']],
  ['aws:SourceIp', access('Encrypt'), ['10.0.0.1']],
  ['aws:TagKeys', access('TagResource', { Tags: [{ TagKey: 'a' }, { TagKey: 'b' }] }), ['a', 'b']],
  ['aws:TagKeys', access('UntagResource', { TagKeys: ['a'] }), ['a']],
  ['aws:UserAgent', access('Encrypt'), ['aws-cli/2']],
  ['aws:ViaAWSService', access('Encrypt'), ['false']],
  ['aws:userid', access('Encrypt'), ['AIDA1']],
  ['aws:username', access('Encrypt'), ['anna']],
  ['aws:username', access('Encrypt', {}, { caller: session }), []],
  ['kms:BypassPolicyLockoutSafetyCheck', access('CreateKey'), []],
  ['kms:BypassPolicyLockoutSafetyCheck', using('PutKeyPolicy', { BypassPolicyLockoutSafetyCheck: true }), ['true']],
  ['kms:BypassPolicyLockoutSafetyCheck', using('Encrypt'), []],
  ['kms:CallerAccount', using('Encrypt'), [account]],
  ['kms:CallerAccount', access('DescribeCustomKeyStores'), [account]],
  ['kms:CallerAccount', access('ListKeys'), []],
  ['kms:CustomerMasterKeySpec', using('Sign'), ['RSA_2048']],
  ['kms:CustomerMasterKeyUsage', using('Sign'), ['SIGN_VERIFY']],
  ['kms:DataKeyPairSpec', using('GenerateDataKeyPair', { KeyPairSpec: 'RSA_3072' }), ['RSA_3072']],
  ['kms:EncryptionAlgorithm', using('Encrypt'), ['SYMMETRIC_DEFAULT']],
  ['kms:EncryptionAlgorithm', using('Decrypt', { EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }), ['RSAES_OAEP_SHA_1']],
  ['kms:EncryptionAlgorithm', using('GenerateDataKey'), ['SYMMETRIC_DEFAULT']],
  ['kms:EncryptionAlgorithm', using('ReEncrypt', { SourceEncryptionAlgorithm: 'S' }, from), ['S']],
  ['kms:EncryptionAlgorithm', using('ReEncrypt', { DestinationEncryptionAlgorithm: 'D' }, to), ['D']],
  ['kms:EncryptionAlgorithm', using('Sign'), []],
  ['kms:EncryptionContext:tenant', using('Encrypt', { EncryptionContext: { Tenant: 'a' } }), ['a']],
  ['kms:EncryptionContext:a', using('ReEncrypt', contexts, from), ['1']],
  ['kms:EncryptionContext:a', using('ReEncrypt', contexts, to), []],
  ['kms:EncryptionContext:tenant', using('CreateGrant', grant), ['a']],
  ['kms:EncryptionContextKeys', using('Encrypt', { EncryptionContext: { Tenant: 'a', b: '' } }), ['Tenant', 'b']],
  ['kms:EncryptionContextKeys', using('ReEncrypt', contexts, to), ['b']],
  ['kms:ExpirationModel', using('ImportKeyMaterial'), []],
  ['kms:ExpirationModel', using('ImportKeyMaterial', { ExpirationModel: 'E' }), ['E']],
  ['kms:GrantConstraintSourceArn', using('CreateGrant', serviceGrant), ['arn:aws:s3:::bucket']],
  ['kms:GrantConstraintType', using('CreateGrant', grant), ['EncryptionContextSubset']],
  ['kms:GrantIsForAWSResource', using('CreateGrant', grant), ['false']],
  ['kms:GrantOperations', using('CreateGrant', grant), ['Encrypt', 'Decrypt']],
  ['kms:GranteePrincipal', using('CreateGrant', grant), [user('grantee')]],
  ['kms:GranteeServicePrincipal', using('CreateGrant', serviceGrant), ['a.amazonaws.com']],
  ['kms:KeyAgreementAlgorithm', using('DeriveSharedSecret', { KeyAgreementAlgorithm: 'ECDH' }), ['ECDH']],
  ['kms:KeyOrigin', using('Encrypt'), ['EXTERNAL']],
  ['kms:KeyOrigin', access('CreateKey'), ['AWS_KMS']],
  ['kms:KeyOrigin', access('ListKeys'), []],
  ['kms:KeySpec', using('Encrypt'), ['RSA_2048']],
  ['kms:KeySpec', access('CreateKey'), ['SYMMETRIC_DEFAULT']],
  ['kms:KeySpec', access('CreateKey', { KeySpec: 'HMAC_256' }), ['HMAC_256']],
  ['kms:KeySpec', access('CreateKey', { CustomerMasterKeySpec: 'RSA_4096' }), ['RSA_4096']],
  ['kms:KeySpec', access('ReplicateKey', {}, replica), ['RSA_2048']],
  ['kms:KeyUsage', using('Encrypt'), ['SIGN_VERIFY']],
  ['kms:KeyUsage', access('CreateKey'), ['ENCRYPT_DECRYPT']],
  ['kms:MacAlgorithm', using('GenerateMac', { MacAlgorithm: 'HMAC_SHA_256' }), ['HMAC_SHA_256']],
  ['kms:MessageType', using('Sign'), ['RAW']],
  ['kms:MessageType', using('Verify', { MessageType: 'DIGEST' }), ['DIGEST']],
  ['kms:MultiRegion', using('Encrypt'), ['true']],
  ['kms:MultiRegion', access('CreateKey'), ['false']],
  ['kms:MultiRegionKeyType', using('Encrypt'), ['PRIMARY']],
  ['kms:MultiRegionKeyType', using('Encrypt', {}, { key: keyIn('eu-west-1') }), ['REPLICA']],
  ['kms:MultiRegionKeyType', using('Encrypt', {}, { key: { ...key, shared: { ...shared, multiRegion: false } } }), []],
  ['kms:MultiRegionKeyType', access('CreateKey', { MultiRegion: true }), ['PRIMARY']],
  ['kms:MultiRegionKeyType', access('ReplicateKey', {}, replica), ['REPLICA']],
  ['kms:PrimaryRegion', using('UpdatePrimaryRegion', { PrimaryRegion: 'eu-west-1' }), ['eu-west-1']],
  ['kms:ReEncryptOnSameKey', using('ReEncrypt', {}, { other: key }), ['true']],
  ['kms:ReEncryptOnSameKey', using('ReEncrypt', {}, { other: keyIn('eu-west-1') }), ['false']],
  ['kms:ReplicaRegion', using('ReplicateKey', { ReplicaRegion: 'eu-west-1' }), ['eu-west-1']],
  ['kms:RequestAlias', using('Encrypt', {}, { alias: 'alias/a' }), ['alias/a']],
  ['kms:RequestAlias', using('Encrypt'), []],
  ['kms:ResourceAliases', using('Encrypt'), ['alias/a', 'alias/b']],
  ['kms:RetiringPrincipal', using('CreateGrant', grant), [user('retiring')]],
  ['kms:RetiringServicePrincipal', using('CreateGrant', serviceGrant), ['b.amazonaws.com']],
  ['kms:RotationPeriodInDays', using('EnableKeyRotation'), ['365']],
  ['kms:RotationPeriodInDays', using('EnableKeyRotation', { RotationPeriodInDays: 90 }), ['90']],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', using('ScheduleKeyDeletion'), ['30']],
  ['kms:ScheduleKeyDeletionPendingWindowInDays', using('ScheduleKeyDeletion', { PendingWindowInDays: 7 }), ['7']],
  ['kms:SigningAlgorithm', using('Sign', { SigningAlgorithm: 'ECDSA_SHA_256' }), ['ECDSA_SHA_256']],
  ['kms:TrailingDaysWithoutKeyUsage', using('DisableKey'), ['10']],
  ['kms:TrailingDaysWithoutKeyUsage', using('Encrypt'), []],
  ['kms:ValidTo', using('ImportKeyMaterial', { ValidTo: new Date(now) }), [String(now / 1000)]],
  ['kms:ViaService', using('Encrypt'), []],
  [
    'kms:WrappingAlgorithm',
    using('GetParametersForImport', { WrappingAlgorithm: 'RSAES_OAEP_SHA_256' }),
    ['RSAES_OAEP_SHA_256'],
  ],
  ['kms:WrappingKeySpec', using('GetParametersForImport', { WrappingKeySpec: 'RSA_4096' }), ['RSA_4096']],
];

describe('A condition key is read from request, key and caller', () => {
  it.each(cases.map(([name, asked, values]) => ({ name, asked, values })))(
    '$name of $asked.operation',
    ({ name, asked, values }) => {
      expect(conditionValues(asked, name)).toEqual(values);
      expect(conditionValues(asked, name.toUpperCase())).toEqual(values);
    },
  );

  it('and each has a case above', () => {
    const tested = new Set(cases.map(([name]) => name));
    expect(Object.keys({ ...globalKeys, ...kmsKeys }).filter((name) => !tested.has(name))).toEqual([]);
    const families = Object.keys({ ...globalPrefixes, ...kmsPrefixes });
    expect(families.filter((prefix) => ![...tested].some((name) => name.startsWith(prefix)))).toEqual([]);
  });

  it('one that nobody knows is absent', () => {
    expect(conditionValues(using('Encrypt'), 'aws:PrincipalOrgID')).toEqual([]);
  });

  it('days without use count from the last use', () => {
    const used = { operation: 'Encrypt', time: now - 3 * day - 1, eventId: 'e', requestId: 'r' } as const;
    store.write(() => putLastUsage(store, key, key.id, used));
    expect(conditionValues(using('ScheduleKeyDeletion'), 'kms:TrailingDaysWithoutKeyUsage')).toEqual(['3']);
  });
});
