import type { CreateGrantRequest, EncryptRequest } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newKey } from '../../support/new-keys.js';
import { arnOf, type Grants, grantee, grantsUnderTest, here, hi, refused, there, type Who } from './people.js';

let on: Grants;
let KeyId: string;
beforeAll(async () => {
  on = await grantsUnderTest();
});
afterAll(() => on.close());
beforeEach(async () => {
  KeyId = await on.key();
});

const encrypt = (who: Who, more: Partial<EncryptRequest> = {}) =>
  on.who(who).encrypt({ KeyId: arnOf(KeyId), Plaintext: hi, ...more });
const root = (account: string) => `arn:aws:iam::${account}:root`;

describe('A grant is for its grantee', () => {
  it('to a role, for every session of it, whatever the role’s path', async () => {
    await on.grant(KeyId, `arn:aws:iam::${here}:role/service/Worker`);
    await encrypt('sessionOne');
    await encrypt('sessionTwo');
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
  });

  it('to a session, for that session', async () => {
    await on.grant(KeyId, grantee('sessionOne'));
    await encrypt('sessionOne');
    await expect(encrypt('sessionTwo')).rejects.toMatchObject(refused);
  });

  it('to another role of a similar name, for nobody else', async () => {
    await on.grant(KeyId, `arn:aws:iam::${here}:role/Worker2`);
    await on.grant(KeyId, `arn:aws:iam::${there}:role/Worker`);
    await on.grant(KeyId, `arn:aws:iam::${here}:user/bob`);
    await expect(encrypt('sessionOne')).rejects.toMatchObject(refused);
    await expect(encrypt('bob')).rejects.toMatchObject(refused);
  });

  it('in another account, without more', async () => {
    await on.grant(KeyId, grantee('stranger'));
    await encrypt('stranger');
    await expect(encrypt('foreigner')).rejects.toMatchObject(refused);
  });

  it('to an account, for whom its identity policies allow it', async () => {
    await on.grant(KeyId, root(there));
    await encrypt('foreigner');
    await expect(encrypt('stranger')).rejects.toMatchObject(refused);
  });

  it('to an account, for its root user', async () => {
    await on.grant(KeyId, root(here));
    await encrypt('root');
  });
});

describe('A grant never allows', () => {
  it('what identity policies deny', async () => {
    await on.grant(KeyId, grantee('denied'), { Operations: ['Encrypt', 'DescribeKey'] });
    await on.who('denied').describeKey({ KeyId });
    await expect(encrypt('denied')).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  it('what the key policy denies, with a token or without', async () => {
    const statement = (Effect: string, Action: string, AWS: string) => ({
      Effect,
      Action,
      Resource: '*',
      Principal: { AWS },
    });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement('Allow', 'kms:*', root(here)), statement('Deny', 'kms:Encrypt', grantee('alice'))],
    });
    const { KeyMetadata } = await on.kms.createKey({ Policy });
    KeyId = KeyMetadata?.KeyId as string;
    const { GrantToken } = await on.grant(KeyId, grantee('alice'), { Operations: ['Encrypt', 'DescribeKey'] });
    await on.who('alice').describeKey({ KeyId });
    const denied = { ...refused, message: expect.stringContaining('explicit deny in a resource-based policy') };
    await expect(encrypt('alice')).rejects.toMatchObject(denied);
    await expect(encrypt('alice', { GrantTokens: [GrantToken] })).rejects.toMatchObject(denied);
  });

  it('what a direct caller asks, when it is for an AWS service on behalf of a resource', async () => {
    const SourceArn = `arn:aws:dynamodb:us-east-1:${here}:table/t`;
    await on.grant(KeyId, grantee('alice'), { Constraints: { SourceArn } });
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
  });
});

describe('An encryption context in a grant', () => {
  const asked: [string, NonNullable<CreateGrantRequest['Constraints']>, Record<string, string> | undefined, boolean][] =
    [
      ['equal: the same', { EncryptionContextEquals: { a: '1', b: '2' } }, { b: '2', a: '1' }, true],
      ['equal: a pair more', { EncryptionContextEquals: { a: '1' } }, { a: '1', b: '2' }, false],
      ['equal: a pair less', { EncryptionContextEquals: { a: '1', b: '2' } }, { a: '1' }, false],
      ['equal: none', { EncryptionContextEquals: { a: '1' } }, undefined, false],
      ['equal to none: none', { EncryptionContextEquals: {} }, undefined, true],
      ['equal to none: some', { EncryptionContextEquals: {} }, { a: '1' }, false],
      ['a subset: the same', { EncryptionContextSubset: { a: '1' } }, { a: '1' }, true],
      ['a subset: a pair more', { EncryptionContextSubset: { a: '1' } }, { a: '1', b: '2' }, true],
      ['a subset: another value', { EncryptionContextSubset: { a: '1' } }, { a: '2' }, false],
      ['a subset: none', { EncryptionContextSubset: { a: '1' } }, undefined, false],
      ['names in another case', { EncryptionContextEquals: { Name: 'x' } }, { name: 'x' }, true],
      ['values in another case', { EncryptionContextEquals: { name: 'x' } }, { name: 'X' }, false],
    ];
  it.each(asked)('%s', async (_what, Constraints, EncryptionContext, allowed) => {
    await on.grant(KeyId, grantee('alice'), { Constraints });
    const answer = encrypt('alice', EncryptionContext ? { EncryptionContext } : {});
    if (allowed) await answer;
    else await expect(answer).rejects.toMatchObject(refused);
  });

  it('has no bearing on DescribeKey', async () => {
    const Constraints = { EncryptionContextEquals: { a: '1' } };
    await on.grant(KeyId, grantee('alice'), { Operations: ['DescribeKey', 'Encrypt'], Constraints });
    await on.who('alice').describeKey({ KeyId });
  });

  it('is the source’s for ReEncryptFrom and the destination’s for ReEncryptTo', async () => {
    const to = await on.key();
    const only = (name: string) => ({ Constraints: { EncryptionContextEquals: { is: name } } });
    await on.grant(KeyId, grantee('alice'), { Operations: ['ReEncryptFrom'], ...only('from') });
    await on.grant(to, grantee('alice'), { Operations: ['ReEncryptTo'], ...only('to') });
    const EncryptionContext = { is: 'from' };
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi, EncryptionContext });
    const request = { CiphertextBlob, SourceEncryptionContext: EncryptionContext, DestinationKeyId: to };
    await on.who('alice').reEncrypt({ ...request, DestinationEncryptionContext: { is: 'to' } });
    await expect(
      on.who('alice').reEncrypt({ ...request, DestinationEncryptionContext: { is: 'from' } }),
    ).rejects.toMatchObject({ ...refused, message: expect.stringContaining('kms:ReEncryptTo') });
  });
});

describe('Each grant operation is allowed by its own grant', () => {
  it('Sign, Verify and GetPublicKey of a signing key', async () => {
    const id = await newKey(on.kms, 'ECC_NIST_P256', 'SIGN_VERIFY');
    await on.grant(id, grantee('alice'), { Operations: ['Sign', 'GetPublicKey'] });
    await on.grant(id, grantee('bob'), { Operations: ['Verify'] });
    const request = { KeyId: id, Message: hi, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await on.who('alice').sign(request);
    await on.who('alice').getPublicKey({ KeyId: id });
    await on.who('bob').verify({ ...request, Signature });
    await expect(on.who('bob').sign(request)).rejects.toMatchObject(refused);
    await expect(on.who('alice').verify({ ...request, Signature })).rejects.toMatchObject(refused);
  });

  it('Decrypt without naming the key', async () => {
    await on.grant(KeyId, grantee('alice'), { Operations: ['Decrypt'] });
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    const { Plaintext } = await on.who('alice').decrypt({ CiphertextBlob });
    expect(Buffer.from(Plaintext as Uint8Array)).toEqual(hi);
  });
});

describe('CreateGrant by a grant', () => {
  const child = (who: Who, more: Partial<CreateGrantRequest> = {}) =>
    on.who(who).createGrant({
      KeyId: arnOf(KeyId),
      GranteePrincipal: grantee('bob'),
      Operations: ['Encrypt'],
      ...more,
    });
  const parent = (more: Partial<CreateGrantRequest> = {}) =>
    on.grant(KeyId, grantee('alice'), { Operations: ['CreateGrant', 'Encrypt', 'Decrypt'], ...more });

  it('passes on what the grant allows, or less', async () => {
    await parent();
    await child('alice');
    await encrypt('bob');
    await child('alice', { Operations: ['CreateGrant', 'Encrypt'] });
    await child('bob', { GranteePrincipal: grantee('stranger') });
    await encrypt('stranger');
  });

  it('passes on nothing else', async () => {
    await parent();
    await expect(child('alice', { Operations: ['Encrypt', 'DescribeKey'] })).rejects.toMatchObject(refused);
    await expect(child('bob')).rejects.toMatchObject(refused);
  });

  it('outlives the grant it came from', async () => {
    const { GrantId } = await parent();
    await child('alice');
    await on.kms.revokeGrant({ KeyId, GrantId });
    await encrypt('bob');
    await expect(child('alice')).rejects.toMatchObject(refused);
  });

  type Constraints = NonNullable<CreateGrantRequest['Constraints']>;
  const strictness: [string, Constraints, Constraints | undefined, boolean][] = [
    ['a subset: the same', { EncryptionContextSubset: { a: '1' } }, { EncryptionContextSubset: { a: '1' } }, true],
    ['a subset: more', { EncryptionContextSubset: { a: '1' } }, { EncryptionContextSubset: { a: '1', b: '2' } }, true],
    ['a subset: equality', { EncryptionContextSubset: { a: '1' } }, { EncryptionContextEquals: { a: '1' } }, true],
    ['a subset: other', { EncryptionContextSubset: { a: '1' } }, { EncryptionContextSubset: { b: '2' } }, false],
    ['a subset: none', { EncryptionContextSubset: { a: '1' } }, undefined, false],
    ['equality: the same', { EncryptionContextEquals: { a: '1' } }, { EncryptionContextEquals: { a: '1' } }, true],
    ['equality: more', { EncryptionContextEquals: { a: '1' } }, { EncryptionContextEquals: { a: '1', b: '2' } }, false],
    ['equality: a subset', { EncryptionContextEquals: { a: '1' } }, { EncryptionContextSubset: { a: '1' } }, false],
    ['equality: none', { EncryptionContextEquals: { a: '1' } }, undefined, false],
  ];
  it.each(strictness)('under %s', async (_what, of, Constraints, allowed) => {
    await parent({ Constraints: of });
    const answer = child('alice', Constraints ? { Constraints } : {});
    if (allowed) await answer;
    else await expect(answer).rejects.toMatchObject(refused);
  });
});

describe('Another account', () => {
  it('whom the key policy and its own identity policies allow may create, list and revoke grants', async () => {
    const statement = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [here, there].map((account) => ({ ...statement, Principal: { AWS: root(account) } })),
    });
    const { KeyMetadata } = await on.kms.createKey({ Policy });
    KeyId = KeyMetadata?.KeyId as string;
    const request = { KeyId: arnOf(KeyId), GranteePrincipal: grantee('stranger'), Operations: ['Encrypt' as const] };
    await expect(on.who('stranger').createGrant(request)).rejects.toMatchObject(refused);
    const { GrantId = '' } = await on.who('foreigner').createGrant(request);
    await encrypt('stranger');
    const { Grants } = await on.who('foreigner').listGrants({ KeyId: arnOf(KeyId) });
    expect(Grants).toMatchObject([{ GrantId, IssuingAccount: root(there), KeyId: arnOf(KeyId) }]);
    await on.who('foreigner').revokeGrant({ KeyId: arnOf(KeyId), GrantId });
    await expect(encrypt('stranger')).rejects.toMatchObject(refused);
  });
});
