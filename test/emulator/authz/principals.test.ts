import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { account, allow, allowed, as, deny, identity, keyPolicy, otherAccount, user } from '../../support/policies.js';

const role = `arn:aws:iam::${account}:role/Reader`;
const session = `arn:aws:sts::${account}:assumed-role/Reader/anna`;
const identities = [
  identity('nobody'),
  identity('allowing', [allow('kms:*')]),
  identity('session', [], session),
  identity('stranger', [allow('kms:*')], user('stranger', otherAccount)),
  identity('idle', [], user('idle', otherAccount)),
  identity('root', [], `arn:aws:iam::${account}:root`),
  identity('federated', [], `arn:aws:sts::${account}:federated-user/bob`),
];

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest({ identities });
  KeyId = `arn:aws:kms:us-east-1:${account}:key/${await on.key()}`;
});
afterAll(() => on.close());

const put = (statement: object) => on.kms.putKeyPolicy({ KeyId, Policy: keyPolicy(statement) });
const describeAs = (name: string) => allowed(as(on, name).describeKey({ KeyId }));

describe('A key policy that allows a principal', () => {
  it.each([
    ['everybody', '*', 'nobody', true],
    ['everybody as an AWS principal', { AWS: '*' }, 'nobody', true],
    ['everybody, in another account with an identity policy', { AWS: '*' }, 'stranger', true],
    ['everybody, in another account without one', { AWS: '*' }, 'idle', false],
    ['a user', { AWS: user('nobody') }, 'nobody', true],
    ['another user', { AWS: user('somebody') }, 'nobody', false],
    ['one of a list', { AWS: [user('somebody'), user('nobody')] }, 'nobody', true],
    ['a role, to its session', { AWS: role }, 'session', true],
    ['a role with a path, to its session', { AWS: `arn:aws:iam::${account}:role/team/a/Reader` }, 'session', true],
    ['another role', { AWS: `arn:aws:iam::${account}:role/Writer` }, 'session', false],
    ['a session', { AWS: session }, 'session', true],
    ['another session of the role', { AWS: session.replace('anna', 'otto') }, 'session', false],
    ['a federated user', { AWS: `arn:aws:sts::${account}:federated-user/bob` }, 'federated', true],
    ['the account, to who has an identity policy', { AWS: account }, 'allowing', true],
    ['the account, to who has none', { AWS: account }, 'nobody', false],
    ['the account, to its root user', { AWS: account }, 'root', true],
    ['another account by its id', { AWS: otherAccount }, 'stranger', true],
    ['another account by its root ARN', { AWS: `arn:aws:iam::${otherAccount}:root` }, 'stranger', true],
    ['another account, to who has no identity policy', { AWS: otherAccount }, 'idle', false],
    [
      'another account’s user by name, with an identity policy',
      { AWS: user('stranger', otherAccount) },
      'stranger',
      true,
    ],
    ['another account’s user by name, without one', { AWS: user('idle', otherAccount) }, 'idle', false],
    ['a service', { Service: 'logs.us-east-1.amazonaws.com' }, 'nobody', false],
    ['an identity provider', { Federated: 'cognito-identity.amazonaws.com' }, 'nobody', false],
    ['a service and a user', { Service: 'logs.amazonaws.com', AWS: user('nobody') }, 'nobody', true],
  ])('%s', async (_title, Principal, who, expected) => {
    await put(allow('kms:DescribeKey', { Principal }));
    expect(await describeAs(who)).toBe(expected);
  });

  it('all but those listed, when nothing of the caller is', async () => {
    await put(allow('kms:DescribeKey', { NotPrincipal: { AWS: user('somebody') } }));
    expect(await describeAs('nobody')).toBe(true);
    await put(allow('kms:DescribeKey', { NotPrincipal: { AWS: user('nobody') } }));
    expect(await describeAs('nobody')).toBe(false);
    await put(allow('kms:DescribeKey', { NotPrincipal: { AWS: role } }));
    expect(await describeAs('session')).toBe(false);
  });
});

describe('A key policy that denies', () => {
  it.each([
    ['an account denies all of its users', { Principal: { AWS: account } }, 'allowing', false],
    ['a role denies its sessions', { Principal: { AWS: role } }, 'session', false],
    ['everybody denies the root user', { Principal: '*' }, 'root', false],
    ['another user denies nobody else', { Principal: { AWS: user('nobody') } }, 'allowing', true],
    [
      'all but a user denies that user too, unless the account is listed',
      { NotPrincipal: { AWS: user('allowing') } },
      'allowing',
      false,
    ],
    [
      'all but a user and the account spares the user',
      { NotPrincipal: { AWS: [user('allowing'), account] } },
      'allowing',
      true,
    ],
    ['all but others denies the user', { NotPrincipal: { AWS: [user('nobody'), account] } }, 'allowing', false],
  ])('%s', async (_title, principal, who, expected) => {
    const Statement = [
      allow('kms:*', { Principal: { AWS: account } }),
      allow('kms:DescribeKey', { Principal: { AWS: role } }),
      deny('kms:DescribeKey', principal),
    ];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await on.kms.putKeyPolicy({ KeyId, Policy });
    expect(await describeAs(who)).toBe(expected);
  });
});

describe('Another account’s key', () => {
  it('takes no action that AWS keeps to the owner’s account', async () => {
    await put(allow('kms:*', { Principal: { AWS: otherAccount } }));
    await as(on, 'stranger').encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    await expect(as(on, 'stranger').getKeyPolicy({ KeyId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no resource-based policy allows the kms:GetKeyPolicy action'),
    });
  });

  it('needs the caller’s identity policy, and the refusal says so', async () => {
    await put(allow('kms:*', { Principal: { AWS: otherAccount } }));
    await expect(as(on, 'idle').describeKey({ KeyId })).rejects.toMatchObject({
      message: `User: ${user('idle', otherAccount)} is not authorized to perform: kms:DescribeKey on resource: ${KeyId} because no identity-based policy allows the kms:DescribeKey action`,
    });
  });
});

describe('Without the account in the key policy', () => {
  it('no identity policy counts, but for its denies', async () => {
    const Statement = [allow('kms:*', { Principal: { AWS: user('lab') } })];
    const { KeyMetadata } = await on.kms.createKey({ Policy: JSON.stringify({ Version: '2012-10-17', Statement }) });
    const request = { KeyId: KeyMetadata?.KeyId };
    await on.kms.describeKey(request);
    await expect(as(on, 'allowing').describeKey(request)).rejects.toMatchObject({
      message: expect.stringContaining('because no resource-based policy allows the kms:DescribeKey action'),
    });
  });
});

describe('A statement of a key policy', () => {
  it.each([
    ['NotAction is about all other actions', { NotAction: 'kms:Decrypt' }, true],
    ['NotAction is not about its own', { NotAction: 'kms:Desc*' }, false],
    ['Resource may be the key', { Action: 'kms:DescribeKey', Resource: () => KeyId }, true],
    [
      'Resource may be another key',
      { Action: 'kms:DescribeKey', Resource: `arn:aws:kms:us-east-1:${account}:key/x` },
      false,
    ],
    ['NotResource is about all others', { Action: 'kms:*', NotResource: `arn:aws:kms:*:${account}:alias/*` }, true],
    ['NotResource is not about its own', { Action: 'kms:*', NotResource: '*' }, false],
    ['without an action it has no effect', { Resource: '*' }, false],
    ['without a resource it has no effect', { Action: 'kms:*' }, false],
    ['one character may be left open', { Action: 'kms:Describe?ey', Resource: '*' }, true],
  ])('%s', async (_title, statement, expected) => {
    const given: Record<string, unknown> = { Resource: 'NotResource' in statement ? undefined : '*', ...statement };
    if (!('Resource' in statement) && 'Action' in statement && !('NotResource' in statement)) delete given.Resource;
    if (typeof given.Resource === 'function') given.Resource = given.Resource();
    await put({ Effect: 'Allow', Principal: { AWS: user('nobody') }, ...given });
    expect(await describeAs('nobody')).toBe(expected);
  });
});
