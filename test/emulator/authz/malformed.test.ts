import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { account, accountRoot, allow, keyPolicy, user } from '../../support/policies.js';

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  KeyId = await on.key();
});
afterAll(() => on.close());

const put = (Policy: string) => on.kms.putKeyPolicy({ KeyId, Policy });
const name = 'MalformedPolicyDocumentException';
const Principal = { AWS: user('anna') };
const invalidPrincipals = 'Policy contains a statement with one or more invalid principals.';
const noPrincipal = 'Policy contains a statement with no principal.';
const overlyPermissive =
  'OverlyPermissiveCondition: Using the ForAllValues set operator with a single-valued condition key matches requests without the specified [encryption context or tag] or with an unspecified [encryption context or tag]. To fix, remove ForAllValues.';

describe('A key policy is refused', () => {
  it.each([
    ['that is no JSON', '{"Version": "2012-10-17",', 'not valid JSON'],
    ['that is no object', '[]', 'not a JSON object'],
    ['that is null', 'null', 'not a JSON object'],
    ['without statements', '{"Version":"2012-10-17"}', 'at least one statement'],
    ['with an empty list of them', '{"Statement":[]}', 'at least one statement'],
    [
      'with a member that policies have not',
      JSON.stringify({ Statement: [accountRoot], Note: '' }),
      'Unknown field Note',
    ],
    ['of an unknown version', JSON.stringify({ Version: '2020-01-01', Statement: [accountRoot] }), 'invalid version'],
    ['whose statement is none', JSON.stringify({ Statement: ['allow'] }), 'must be a JSON object'],
    [
      'with two statements of one Sid',
      keyPolicy(allow('kms:*', { Principal, Sid: 'a' }), allow('kms:*', { Principal, Sid: 'a' })),
      'must be unique',
    ],
  ])('%s', async (_title, Policy, message) => {
    await expect(put(Policy)).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it.each<[title: string, statement: object, message: string]>([
    ['of no effect', { ...allow('kms:*', { Principal }), Effect: undefined }, 'valid Effect'],
    ['of an unknown effect', { ...allow('kms:*', { Principal }), Effect: 'allow' }, 'valid Effect'],
    ['with a misspelt element', allow('kms:*', { Principal, Conditions: {} }), 'Unknown field Conditions'],
    ['without a principal', allow('kms:*'), noPrincipal],
    ['with an empty list of principals', allow('kms:*', { Principal: { AWS: [] } }), noPrincipal],
    [
      'with Principal and NotPrincipal',
      allow('kms:*', { Principal, NotPrincipal: Principal }),
      'both Principal and NotPrincipal',
    ],
    ['with Action and NotAction', allow('kms:*', { Principal, NotAction: 'kms:*' }), 'both Action and NotAction'],
    ['with an action without a service', allow('Encrypt', { Principal }), 'prefaced by a vendor'],
    ['with a resource that is no ARN', allow('kms:*', { Principal, Resource: 'key' }), 'ARN format'],
    ['with a Sid that is no string', allow('kms:*', { Principal, Sid: 1 }), 'SID'],
    ['with conditions that are no object', allow('kms:*', { Principal, Condition: 'always' }), 'JSON object'],
    [
      'with an unknown operator',
      allow('kms:*', { Principal, Condition: { StringIs: { 'aws:userid': 'a' } } }),
      'StringIs',
    ],
    [
      'with an unknown operator for sets',
      allow('kms:*', { Principal, Condition: { 'ForSome:StringEquals': { 'aws:TagKeys': 'a' } } }),
      'ForSome',
    ],
    [
      'with NullIfExists',
      allow('kms:*', { Principal, Condition: { NullIfExists: { 'aws:userid': 'true' } } }),
      'NullIfExists',
    ],
    [
      'with a condition on no key',
      allow('kms:*', { Principal, Condition: { Bool: { userid: true } } }),
      'prefaced by a vendor',
    ],
    [
      'with an object as a condition’s value',
      allow('kms:*', { Principal, Condition: { Bool: { 'aws:userid': {} } } }),
      'no string, number or boolean',
    ],
    [
      'with ForAllValues on the context',
      allow('kms:*', { Principal, Condition: { 'ForAllValues:StringEquals': { 'kms:EncryptionContext:k': 'a' } } }),
      overlyPermissive,
    ],
    [
      'with ForAllValues on a tag',
      allow('kms:*', { Principal, Condition: { 'ForAllValues:StringLikeIfExists': { 'AWS:requesttag/k': 'a' } } }),
      overlyPermissive,
    ],
  ])('with a statement %s', async (_title, statement, message) => {
    await expect(put(keyPolicy(statement))).rejects.toMatchObject({ name, message: expect.stringContaining(message) });
  });

  it.each([
    ['a name', 'anna'],
    ['an empty name', { AWS: '' }],
    ['an unknown kind', { Azure: user('anna') }],
    ['a canonical user, which is S3’s', { CanonicalUser: 'abc' }],
    ['a group', { AWS: `arn:aws:iam::${account}:group/admins` }],
    ['a wildcard in an ARN', { AWS: `arn:aws:iam::${account}:user/*` }],
    ['an ARN without an account', { AWS: 'arn:aws:iam:::root' }],
    ['an ARN of another service', { AWS: 'arn:aws:s3:::bucket' }],
    ['an ARN of another partition', { AWS: `arn:aws-cn:iam::${account}:root` }],
    ['the id that a deleted user leaves', { AWS: 'AIDACKCEVSQ6C2EXAMPLE' }],
    ['a short account id', { AWS: '1111' }],
    ['one good and one bad', { AWS: [user('anna'), 'anna'] }],
    ['a number', { AWS: 111122223333 }],
    ['a service that is none', { Service: 's3' }],
    ['null', null],
  ])('with the principal %s', async (_title, principal) => {
    const refused = put(keyPolicy({ ...allow('kms:*'), Principal: principal }));
    await expect(refused).rejects.toMatchObject({ name, message: invalidPrincipals });
  });
});

describe('A key policy is taken', () => {
  it.each([
    ['with one statement outside a list', JSON.stringify({ Version: '2012-10-17', Statement: accountRoot })],
    ['without a version', JSON.stringify({ Statement: [accountRoot] })],
    ['with a Sid that has spaces', keyPolicy(allow('kms:*', { Principal, Sid: 'Allow use of the key' }))],
    ['with a statement without an action', keyPolicy({ Effect: 'Allow', Principal, Resource: '*' })],
    [
      'with a condition key that nobody knows',
      keyPolicy(allow('kms:*', { Principal, Condition: { Bool: { 'kms:New': true } } })),
    ],
    [
      'with a principal that nobody knows, unlike on AWS',
      keyPolicy(allow('kms:*', { Principal: { AWS: user('unknown') } })),
    ],
    [
      'with ForAnyValue on the context',
      keyPolicy(
        allow('kms:*', { Principal, Condition: { 'ForAnyValue:StringEquals': { 'kms:EncryptionContext:k': 'a' } } }),
      ),
    ],
    [
      'with a SAML provider',
      keyPolicy(allow('kms:*', { Principal: { Federated: `arn:aws:iam::${account}:saml-provider/x` } })),
    ],
  ])('%s', async (_title, Policy) => {
    await put(Policy);
    expect((await on.kms.getKeyPolicy({ KeyId })).Policy).toBe(Policy);
  });

  it('in China with principals of its partition', async () => {
    const china = on.as({ region: 'cn-north-1' });
    const principal = (partition: string) => ({ AWS: `arn:${partition}:iam::${account}:root` });
    const policy = (partition: string) =>
      JSON.stringify({ Statement: [{ ...accountRoot, Principal: principal(partition) }] });
    const create = (partition: string) =>
      china.createKey({ Policy: policy(partition), BypassPolicyLockoutSafetyCheck: true });
    await create('aws-cn');
    await expect(create('aws')).rejects.toMatchObject({ name, message: invalidPrincipals });
  });
});

describe('CreateKey', () => {
  it('makes no key with a policy that is none', async () => {
    const count = async () => (await on.kms.listKeys({})).Keys?.length;
    const before = await count();
    await expect(on.kms.createKey({ Policy: keyPolicy(allow('kms:*')) })).rejects.toMatchObject({
      name,
      message: noPrincipal,
    });
    expect(await count()).toBe(before);
  });
});
