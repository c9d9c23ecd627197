import { KMS } from '@aws-sdk/client-kms';
import { type AssumeRoleRequest, STS } from '@aws-sdk/client-sts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Identity } from '../../src/emulator/authz/identities.js';
import { requestHandler } from '../../src/emulator/handler.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

const account = '111122223333';
const RoleArn = `arn:aws:iam::${account}:role/team/Reader`;
const role = { RoleArn, RoleSessionName: 'alice' };
const sessionArn = `arn:aws:sts::${account}:assumed-role/Reader/alice`;
const policy = (...Statement: object[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const user = (name: string, ...Statement: object[]): Identity => ({
  accessKeyId: name,
  secretAccessKey: name,
  arn: `arn:aws:iam::${account}:user/${name}`,
  policies: Statement.length > 0 ? [policy(...Statement)] : [],
});
const identities = [
  user('nobody'),
  user('climber', allow('sts:AssumeRole', RoleArn)),
  user('barred', allow('sts:*'), { Effect: 'Deny', Action: 'sts:AssumeRole', Resource: RoleArn }),
  { ...user('root', allow('*')), arn: `arn:aws:iam::${account}:root` },
];
const roles = { [RoleArn]: [policy(allow(['kms:*', 'sts:*']))] };

interface Credentials {
  accessKeyId: string;
  secretAccessKey: string;
  sessionToken?: string;
}
const test: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const of = (name: string): Credentials => ({ accessKeyId: name, secretAccessKey: name });

let on: KmsUnderTest;
beforeEach(async () => {
  on = await kmsUnderTest({ identities, roles });
});
afterEach(async () => {
  vi.useRealTimers();
  await on.close();
});

const config = (credentials: Credentials) => ({
  region: 'us-east-1',
  credentials,
  requestHandler: requestHandler(on.emulator),
});
const stsAs = (credentials: Credentials) => new STS(config(credentials));
const kmsAs = (credentials: Credentials) => new KMS(config(credentials));

async function assume(request: Partial<AssumeRoleRequest> = {}, who = test): Promise<Required<Credentials>> {
  const { Credentials } = await stsAs(who).assumeRole({ ...role, ...request });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}
const newest = () => [...on.emulator.trail.events()][0] as Record<string, unknown>;
const refusal = (message: string) => ({ name: 'AccessDenied', message, $metadata: { httpStatusCode: 403 } });
const unallowed = (name: string, action = 'sts:AssumeRole') =>
  refusal(`User: arn:aws:iam::${account}:user/${name} is not authorized to perform: ${action} on resource: ${RoleArn}`);

describe('GetCallerIdentity', () => {
  it('tells who signed: a user', async () => {
    expect(await stsAs(test).getCallerIdentity({})).toMatchObject({
      Account: account,
      Arn: `arn:aws:iam::${account}:user/lab`,
      UserId: expect.stringMatching(/^AIDA[A-Z2-7]{17}$/),
    });
  });

  it('the root user', async () => {
    const Arn = `arn:aws:iam::${account}:root`;
    expect(await stsAs(of('root')).getCallerIdentity({})).toMatchObject({ Account: account, Arn, UserId: account });
  });

  it('a role’s session, whatever it may do', async () => {
    const Policy = JSON.stringify(policy({ Effect: 'Deny', Action: '*', Resource: '*' }));
    expect(await stsAs(await assume({ Policy })).getCallerIdentity({})).toMatchObject({
      Account: account,
      Arn: sessionArn,
      UserId: expect.stringMatching(/^AROA[A-Z2-7]{17}:alice$/),
    });
  });
});

describe('AssumeRole', () => {
  it('hands out temporary credentials of the role for an hour', async () => {
    const reply = await stsAs(test).assumeRole(role);
    expect(reply.AssumedRoleUser).toEqual({
      Arn: sessionArn,
      AssumedRoleId: expect.stringMatching(/^AROA[A-Z2-7]{17}:alice$/),
    });
    expect(reply.Credentials).toMatchObject({
      AccessKeyId: expect.stringMatching(/^ASIA[A-Z2-7]{16}$/),
      SecretAccessKey: expect.stringMatching(/^[A-Za-z0-9+/]{40}$/),
    });
    const left = (reply.Credentials?.Expiration?.getTime() ?? 0) - Date.now();
    expect(Math.abs(left - 3_600_000)).toBeLessThan(10_000);
    await kmsAs(await assume()).createKey({});
  });

  it('of another account too', async () => {
    const there = kmsAs(await assume({ RoleArn: 'arn:aws:iam::444455556666:role/Guest' }));
    await expect(there.createKey({})).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('arn:aws:sts::444455556666:assumed-role/Guest/alice is not authorized'),
    });
  });

  it('DurationSeconds decides how long', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: Date.UTC(2026, 0, 1) });
    const { Credentials } = await stsAs(test).assumeRole({ ...role, DurationSeconds: 900 });
    expect(Credentials?.Expiration).toEqual(new Date(Date.UTC(2026, 0, 1, 0, 15)));
  });

  it('a role without an identity policy may do what key policies allow, by its ARN with its path, and nothing else', async () => {
    const other = `arn:aws:iam::${account}:role/team/Guest`;
    const statement = { Effect: 'Allow', Principal: { AWS: other }, Action: 'kms:Encrypt', Resource: '*' };
    const root = {
      Effect: 'Allow',
      Principal: { AWS: `arn:aws:iam::${account}:root` },
      Action: 'kms:*',
      Resource: '*',
    };
    const { KeyMetadata } = await on.kms.createKey({ Policy: JSON.stringify(policy(root, statement)) });
    const KeyId = KeyMetadata?.KeyId as string;
    const guest = kmsAs(await assume({ RoleArn: other }));
    await guest.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    await expect(guest.describeKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('a session policy limits what the role may do, and adds nothing', async () => {
    const KeyId = await on.key();
    const limited = kmsAs(await assume({ Policy: JSON.stringify(policy(allow(['kms:DescribeKey', 's3:*']))) }));
    await limited.describeKey({ KeyId });
    await expect(limited.encrypt({ KeyId, Plaintext: Buffer.from('hi') })).rejects.toMatchObject({
      message: expect.stringContaining('because no session policy allows the kms:Encrypt action'),
    });
    const Policy = JSON.stringify(policy(allow('*')));
    const guest = kmsAs(await assume({ Policy, RoleArn: `arn:aws:iam::${account}:role/Guest` }));
    await expect(guest.describeKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('Who may assume a role', () => {
  it('whoever’s identity policy allows it', async () => {
    await assume({}, of('climber'));
    await expect(assume({}, of('nobody'))).rejects.toMatchObject(unallowed('nobody'));
    const RoleArn = `arn:aws:iam::${account}:role/Other`;
    await expect(assume({ RoleArn }, of('climber'))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('nobody against an explicit deny', async () => {
    await expect(assume({}, of('barred'))).rejects.toMatchObject(unallowed('barred'));
  });

  it('never the root user', async () => {
    await expect(assume({}, of('root'))).rejects.toMatchObject(refusal('Roles may not be assumed by root accounts.'));
  });

  it('tags and a source identity need permissions of their own', async () => {
    const Tags = [{ Key: 'team', Value: 'a' }];
    await expect(assume({ Tags }, of('climber'))).rejects.toMatchObject(unallowed('climber', 'sts:TagSession'));
    const source = { SourceIdentity: 'alice' };
    await expect(assume(source, of('climber'))).rejects.toMatchObject(unallowed('climber', 'sts:SetSourceIdentity'));
    expect(await stsAs(test).assumeRole({ ...role, Tags, ...source })).toMatchObject(source);
  });

  it('a session limited by a policy only where that allows it', async () => {
    const Policy = JSON.stringify(policy(allow('kms:*')));
    const limited = stsAs(await assume({ Policy }));
    await expect(limited.assumeRole(role)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});

describe('Policies see of a session', () => {
  const when = (Condition: object) => ({ ...allow('kms:ListKeys'), Condition });
  const mayList = async (Condition: object, request: Partial<AssumeRoleRequest> = {}) => {
    const session = kmsAs(await assume({ ...request, Policy: JSON.stringify(policy(when(Condition))) }));
    return session.listKeys({}).then(
      () => true,
      () => false,
    );
  };

  it('its tags', async () => {
    const Condition = { StringEquals: { 'aws:PrincipalTag/Team': 'a' } };
    expect(await mayList(Condition, { Tags: [{ Key: 'team', Value: 'a' }] })).toBe(true);
    expect(await mayList(Condition, { Tags: [{ Key: 'team', Value: 'b' }] })).toBe(false);
    expect(await mayList(Condition)).toBe(false);
  });

  it('the role’s ARN with its path', async () => {
    expect(await mayList({ ArnEquals: { 'aws:PrincipalArn': RoleArn } })).toBe(true);
    expect(await mayList({ ArnEquals: { 'aws:PrincipalArn': RoleArn.replace('team/', '') } })).toBe(false);
  });
});

describe('A chain of roles', () => {
  it('goes on for an hour at most', async () => {
    const first = await assume({ DurationSeconds: 43_200 });
    await assume({ DurationSeconds: 3600 }, first);
    await expect(assume({ DurationSeconds: 3601 }, first)).rejects.toMatchObject({
      name: 'ValidationError',
      message: 'The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.',
    });
  });

  it('hands transitive tags on, which cannot be set again', async () => {
    const Tags = [
      { Key: 'Team', Value: 'a' },
      { Key: 'Cost', Value: '' },
    ];
    const first = await assume({ Tags, TransitiveTagKeys: ['Team'] });
    const second = await assume({ Tags: [{ Key: 'cost', Value: '9' }] }, first);
    const again = assume({ Tags: [{ Key: 'TEAM', Value: 'b' }] }, second);
    await expect(again).rejects.toMatchObject({ message: expect.stringContaining('conflicts with a transitive tag') });
  });
});

describe('Temporary credentials', () => {
  const invalid = 'The security token included in the request is invalid.';

  it('end on the wall clock, however far the world’s clock is moved', async () => {
    const session = await assume({ DurationSeconds: 900 });
    on.emulator.advance(365 * 86_400_000);
    await kmsAs(session).listKeys({});
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 900_000 });
    const message = 'The security token included in the request is expired';
    const name = 'ExpiredTokenException';
    await expect(kmsAs(session).listKeys({})).rejects.toMatchObject({ name, message });
    await expect(stsAs(session).getCallerIdentity({})).rejects.toMatchObject({ Code: 'ExpiredToken', message });
  });

  it('are forgotten a day after their end', async () => {
    const session = await assume({ DurationSeconds: 900 });
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 900_000 + 86_400_001 });
    await assume();
    await expect(kmsAs(session).listKeys({})).rejects.toMatchObject({ message: invalid });
  });

  it.each([
    ['another token', 'token'],
    ['no token', ''],
  ])('are refused with %s, in each service’s words', async (_name, sessionToken) => {
    const { accessKeyId, secretAccessKey } = await assume();
    const wrong = { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) };
    const name = 'UnrecognizedClientException';
    await expect(kmsAs(wrong).listKeys({})).rejects.toMatchObject({ name, message: invalid });
    await expect(stsAs(wrong).getCallerIdentity({})).rejects.toMatchObject({
      name: 'InvalidClientTokenId',
      message: invalid,
    });
  });

  it('work in a copy of the world too', async () => {
    const session = await assume();
    const copy = on.emulator.copy();
    const kms = new KMS({ ...config(session), requestHandler: requestHandler(copy) });
    await kms.listKeys({});
    await copy.close();
  });
});

describe('What AssumeRole does not take', () => {
  it.each<[string, Partial<AssumeRoleRequest>, string, string]>([
    ['no ARN', { RoleArn: 'a role with a name so long' }, 'ValidationError', 'a role with a name so long is invalid'],
    [
      'a short ARN',
      { RoleArn: 'arn:aws:iam::1' },
      'ValidationError',
      "1 validation error detected: Value 'arn:aws:iam::1' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20",
    ],
    [
      'a session name with a slash',
      { RoleSessionName: 'a/b' },
      'ValidationError',
      "1 validation error detected: Value 'a/b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\\w+=,.@-]*",
    ],
    [
      'a short time',
      { DurationSeconds: 899 },
      'ValidationError',
      "1 validation error detected: Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900",
    ],
    [
      'a long time',
      { DurationSeconds: 43_201 },
      'ValidationError',
      "1 validation error detected: Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200",
    ],
    [
      'a policy that is no JSON',
      { Policy: '{' },
      'MalformedPolicyDocumentException',
      'This policy contains invalid Json',
    ],
    [
      'a policy with principals',
      { Policy: JSON.stringify(policy({ ...allow('*'), Principal: '*' })) },
      'MalformedPolicyDocumentException',
      'Policy document should not specify a principal.',
    ],
    [
      'managed policies',
      { PolicyArns: [{ arn: 'arn:aws:iam::aws:policy/ReadOnlyAccess' }] },
      'UnsupportedOperation',
      'The embedded AWS has no managed policies: pass Policy, not PolicyArns.',
    ],
    [
      'a second factor',
      { SerialNumber: 'GAHT12345678', TokenCode: '123456' },
      'AccessDenied',
      'MultiFactorAuthentication failed with invalid MFA one time pass code. ',
    ],
    [
      'a tag twice',
      {
        Tags: [
          { Key: 'a', Value: '1' },
          { Key: 'A', Value: '2' },
        ],
      },
      'InvalidParameterValue',
      'Duplicate tag keys found. Please note that Tag keys are case insensitive.',
    ],
    [
      'a transitive tag that is none of its tags',
      { TransitiveTagKeys: ['a'] },
      'InvalidParameterValue',
      'The specified transitive tag key must be included in the requested tags.',
    ],
  ])('%s', async (_name, request, name, message) => {
    await expect(assume(request)).rejects.toMatchObject({ name, message });
  });

  it('a user in a role’s place', async () => {
    const RoleArn = `arn:aws:iam::${account}:user/lab`;
    await expect(assume({ RoleArn })).rejects.toMatchObject(
      refusal(`User: ${RoleArn} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`),
    );
  });

  it('any other operation', async () => {
    await expect(stsAs(test).getFederationToken({ Name: 'alice' })).rejects.toMatchObject({
      name: 'InvalidAction',
      message: 'Could not find operation GetFederationToken for version 2011-06-15',
    });
  });
});

describe('GetSessionToken', () => {
  it('hands a user credentials of the same user', async () => {
    const { Credentials } = await stsAs(of('climber')).getSessionToken({});
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
    const session = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    const Arn = `arn:aws:iam::${account}:user/climber`;
    expect(await stsAs(session).getCallerIdentity({})).toMatchObject({ Arn });
    await assume({}, session);
    await expect(kmsAs(session).listKeys({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('not to who has such already', async () => {
    const session = stsAs(await assume());
    await expect(session.getSessionToken({})).rejects.toMatchObject(
      refusal('Cannot call GetSessionToken with session credentials'),
    );
  });
});

describe('CloudTrail', () => {
  it('records an AssumeRole with the access key id it made, and with nothing that is secret', async () => {
    const { accessKeyId, secretAccessKey, sessionToken } = await assume({ DurationSeconds: 900 });
    expect(newest()).toMatchObject({
      eventSource: 'sts.amazonaws.com',
      eventName: 'AssumeRole',
      readOnly: true,
      requestParameters: { roleArn: RoleArn, roleSessionName: 'alice', durationSeconds: 900 },
      responseElements: { credentials: { accessKeyId }, assumedRoleUser: { arn: sessionArn } },
      resources: [{ accountId: account, type: 'AWS::IAM::Role', ARN: RoleArn }],
    });
    const text = JSON.stringify([...on.emulator.trail.events()]);
    for (const secret of [secretAccessKey, sessionToken]) expect(text).not.toContain(secret);
  });

  it('tells of a session who it is of and since when', async () => {
    const session = await assume();
    await kmsAs(session).listKeys({});
    expect(newest()).toMatchObject({
      eventName: 'ListKeys',
      userIdentity: {
        type: 'AssumedRole',
        arn: sessionArn,
        accessKeyId: session.accessKeyId,
        sessionContext: {
          sessionIssuer: { type: 'Role', arn: RoleArn, userName: 'Reader', accountId: account },
          attributes: {
            creationDate: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
            mfaAuthenticated: 'false',
          },
        },
      },
    });
  });

  it('records the refusal, and what the role’s account sees', async () => {
    await assume({}, of('nobody')).catch(() => undefined);
    expect(newest()).toMatchObject({ eventName: 'AssumeRole', errorCode: 'AccessDenied', responseElements: null });
    await assume({ RoleArn: 'arn:aws:iam::444455556666:role/Guest' });
    expect(newest()).toMatchObject({
      recipientAccountId: '444455556666',
      userIdentity: { type: 'AWSAccount', accountId: account },
      sharedEventID: expect.any(String),
    });
  });
});

describe('The query protocol', () => {
  it.each([
    'Tags.member.1.Key.member.1=a&Tags.member.1.Value=b',
    'Tags=a',
    'RoleArn.x=a',
    'DurationSeconds=soon',
    'Tags.member.1=a',
    'Policy.member.1=a',
  ])('answers %s in AWS’s form', async (more) => {
    const { signed } = await import('../support/signed.js');
    const role = `RoleArn=${encodeURIComponent(RoleArn)}&RoleSessionName=alice`;
    const body = Buffer.from(`Action=AssumeRole&Version=2011-06-15&${role}&${more}`);
    const headers = signed(body, { 'content-type': 'application/x-www-form-urlencoded' }, { service: 'sts' });
    const { status, body: answer } = await on.emulator.handle({ method: 'POST', path: '/', headers, body });
    expect([status, Buffer.from(answer).toString()]).toEqual([
      400,
      expect.stringMatching(/<Code>(MalformedInput|ValidationError)<\/Code>/),
    ]);
  });
});
