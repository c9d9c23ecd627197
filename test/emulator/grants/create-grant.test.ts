import type { CreateGrantRequest, GrantOperation, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newKey } from '../../support/new-keys.js';
import { arnOf, type Grants, grantee, grantsUnderTest, here, hi, invalid, notFound, refused, there } from './people.js';

let on: Grants;
let KeyId: string;
beforeAll(async () => {
  on = await grantsUnderTest();
});
afterAll(() => on.close());
beforeEach(async () => {
  KeyId = await on.key();
});

const alice = grantee('alice');
const create = (more: Partial<CreateGrantRequest> = {}) =>
  on.kms.createGrant({ KeyId, GranteePrincipal: alice, Operations: ['Encrypt'], ...more });
const count = async () => (await on.kms.listGrants({ KeyId })).Grants?.length;

describe('CreateGrant', () => {
  it('gives the grant’s id and a token, and the grantee may do what it says and nothing else', async () => {
    const { GrantId, GrantToken } = await create({ Operations: ['Encrypt', 'DescribeKey'] });
    expect(GrantId).toMatch(/^[0-9a-f]{64}$/);
    expect(GrantToken).toMatch(/^[A-Za-z0-9_-]{100,}$/);
    await on.who('alice').encrypt({ KeyId, Plaintext: hi });
    await on.who('alice').describeKey({ KeyId });
    await expect(on.who('alice').generateDataKey({ KeyId, NumberOfBytes: 16 })).rejects.toMatchObject(refused);
    await expect(on.who('bob').encrypt({ KeyId, Plaintext: hi })).rejects.toMatchObject(refused);
  });

  it('is for one key alone', async () => {
    await create();
    const KeyIdOfAnother = await on.key();
    await expect(on.who('alice').encrypt({ KeyId: KeyIdOfAnother, Plaintext: hi })).rejects.toMatchObject(refused);
  });

  it('takes a key’s ARN as well as its id, and no alias', async () => {
    await create({ KeyId: arnOf(KeyId) });
    await on.kms.createAlias({ AliasName: 'alias/granted', TargetKeyId: KeyId });
    await expect(create({ KeyId: 'alias/granted' })).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(create({ KeyId: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject(notFound);
  });

  it('needs kms:CreateGrant', async () => {
    await expect(
      on.who('alice').createGrant({ KeyId, GranteePrincipal: alice, Operations: ['Encrypt'] }),
    ).rejects.toMatchObject({ ...refused, message: expect.stringContaining('kms:CreateGrant') });
  });

  it('without a name makes another grant each time', async () => {
    const [one, two] = [await create(), await create()];
    expect(one.GrantId).not.toBe(two.GrantId);
    expect(await count()).toBe(2);
  });

  it('with a name is made once, and each retry is given another token', async () => {
    const named: Partial<CreateGrantRequest> = {
      Name: 'once',
      Operations: ['Encrypt', 'Decrypt'],
      Constraints: { EncryptionContextSubset: { a: '1', b: '2' } },
    };
    const one = await create(named);
    const two = await create({
      ...named,
      Operations: ['Decrypt', 'Encrypt'],
      Constraints: { EncryptionContextSubset: { b: '2', a: '1' } },
    });
    expect(two.GrantId).toBe(one.GrantId);
    expect(two.GrantToken).not.toBe(one.GrantToken);
    expect(await count()).toBe(1);
  });

  it.each<[string, Partial<CreateGrantRequest>]>([
    ['name', { Name: 'other' }],
    ['grantee', { GranteePrincipal: grantee('bob') }],
    ['operations', { Operations: ['Decrypt'] }],
    ['constraints', { Constraints: { EncryptionContextEquals: { a: '1' } } }],
    ['retiring principal', { RetiringPrincipal: alice }],
  ])('with another %s is another grant', async (_what, difference) => {
    const one = await create({ Name: 'once' });
    const two = await create({ Name: 'once', ...difference });
    expect(two.GrantId).not.toBe(one.GrantId);
  });

  it('with a name that was revoked is made anew', async () => {
    const { GrantId } = await create({ Name: 'again' });
    await on.kms.revokeGrant({ KeyId, GrantId });
    expect((await create({ Name: 'again' })).GrantId).not.toBe(GrantId);
  });

  it('with DryRun makes nothing', async () => {
    await expect(create({ DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperationException' });
    expect(await count()).toBe(0);
  });

  it('of a disabled key is refused, and of one that is going', async () => {
    await on.kms.disableKey({ KeyId });
    await expect(create()).rejects.toMatchObject({ name: 'DisabledException' });
    await on.kms.scheduleKeyDeletion({ KeyId });
    await expect(create()).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });

  it('beyond the quota of grants per key is refused', async () => {
    on.emulator.conditions.quotas({ grantsPerKey: 2 });
    await create();
    const { GrantId } = await create();
    await expect(create()).rejects.toMatchObject({ name: 'LimitExceededException' });
    await on.kms.revokeGrant({ KeyId, GrantId });
    await create();
    on.emulator.conditions.quotas(false);
  });
});

describe('A grantee or retiring principal', () => {
  it.each([
    `arn:aws:iam::${there}:root`,
    `arn:aws:iam::${here}:user/team/bob`,
    `arn:aws:iam::${here}:role/path/Worker`,
    `arn:aws:sts::${here}:assumed-role/Worker/one`,
    `arn:aws:sts::${here}:federated-user/fred`,
  ])('may be %s', async (principal) => {
    await create({ GranteePrincipal: principal, RetiringPrincipal: principal });
    const [entry] = (await on.kms.listGrants({ KeyId })).Grants ?? [];
    expect(entry).toMatchObject({ GranteePrincipal: principal, RetiringPrincipal: principal });
  });

  it.each([
    'alice',
    here,
    'sns.amazonaws.com',
    `arn:aws:iam::${here}:group/staff`,
    `arn:aws:iam::${here}:assumed-role/Worker/one`,
    `arn:aws:sts::${here}:user/alice`,
    'arn:aws:iam::1234:user/alice',
    `arn:aws-cn:iam::${here}:user/alice`,
    `arn:aws:kms:us-east-1:${here}:key/x`,
  ])('may not be %s', async (principal) => {
    const error = { name: 'InvalidArnException', message: `ARN does not refer to a valid principal: ${principal}` };
    await expect(create({ GranteePrincipal: principal })).rejects.toMatchObject(error);
    await expect(create({ RetiringPrincipal: principal })).rejects.toMatchObject(error);
  });

  it('is one or a service, not both, and a grantee is needed', async () => {
    const service = 'dynamodb.amazonaws.com';
    const { kms } = on;
    await expect(kms.createGrant({ KeyId, Operations: ['Encrypt'] })).rejects.toMatchObject(invalid);
    await expect(create({ GranteeServicePrincipal: service })).rejects.toMatchObject(invalid);
    await expect(create({ RetiringPrincipal: alice, RetiringServicePrincipal: service })).rejects.toMatchObject(
      invalid,
    );
  });

  it('that is a service needs a SourceArn and somebody who may retire its grant', async () => {
    const request: CreateGrantRequest = {
      KeyId,
      Operations: ['Encrypt'],
      GranteeServicePrincipal: 'dynamodb.amazonaws.com',
    };
    const Constraints = { SourceArn: `arn:aws:dynamodb:us-east-1:${here}:table/t` };
    const { kms } = on;
    await expect(kms.createGrant({ ...request, RetiringPrincipal: alice })).rejects.toMatchObject(invalid);
    await expect(kms.createGrant({ ...request, Constraints })).rejects.toMatchObject(invalid);
    await kms.createGrant({ ...request, Constraints, RetiringServicePrincipal: 'dynamodb.amazonaws.com' });
    const [entry] = (await kms.listGrants({ KeyId })).Grants ?? [];
    expect(entry).toMatchObject({ GranteeServicePrincipal: 'dynamodb.amazonaws.com', Constraints });
    expect(entry).not.toHaveProperty('GranteePrincipal');
  });
});

describe('The operations of a grant', () => {
  const common: GrantOperation[] = ['CreateGrant', 'DescribeKey', 'RetireGrant'];
  const all: GrantOperation[] = [
    ...common,
    ...(['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey'] as const),
    ...(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const),
    ...(['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const),
    ...(['Sign', 'Verify', 'GenerateMac', 'VerifyMac', 'DeriveSharedSecret', 'Encapsulate', 'Decapsulate'] as const),
  ];
  const suited: [KeySpec, KeyUsageType, GrantOperation[]][] = [
    [
      'SYMMETRIC_DEFAULT',
      'ENCRYPT_DECRYPT',
      [
        ...(['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo'] as const),
        ...(['GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'] as const),
        ...(['GenerateDataKeyPair', 'GenerateDataKeyPairWithoutPlaintext'] as const),
      ],
    ],
    ['RSA_2048', 'ENCRYPT_DECRYPT', ['Decrypt', 'Encrypt', 'ReEncryptFrom', 'ReEncryptTo', 'GetPublicKey']],
    ['ECC_NIST_P256', 'SIGN_VERIFY', ['Sign', 'Verify', 'GetPublicKey']],
    ['ML_DSA_44', 'SIGN_VERIFY', ['Sign', 'Verify', 'GetPublicKey']],
    ['HMAC_256', 'GENERATE_VERIFY_MAC', ['GenerateMac', 'VerifyMac']],
    ['ECC_NIST_P256', 'KEY_AGREEMENT', ['DeriveSharedSecret', 'GetPublicKey']],
    ['ML_KEM_512', 'ENCAPSULATE_DECAPSULATE', ['Encapsulate', 'Decapsulate', 'GetPublicKey']],
  ];

  it.each(suited)('suit the key: %s, %s', async (spec, usage, possible) => {
    const id = await newKey(on.kms, spec, usage);
    await create({ KeyId: id, Operations: [...possible, ...common] });
    for (const operation of all.filter((one) => !common.includes(one))) {
      const one = create({ KeyId: id, Operations: [operation] });
      if (possible.includes(operation)) await one;
      else await expect(one, operation).rejects.toMatchObject(invalid);
    }
  });

  it('are some, and not CreateGrant alone', async () => {
    await expect(create({ Operations: [] })).rejects.toMatchObject(invalid);
    await expect(create({ Operations: ['CreateGrant'] })).rejects.toMatchObject({
      ...invalid,
      message: 'Grants must not contain only the CreateGrant operation.',
    });
    await expect(create({ Operations: ['ScheduleKeyDeletion' as GrantOperation] })).rejects.toMatchObject(invalid);
  });
});

describe('The constraints of a grant', () => {
  const pairs = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`k${n}`, 'v']));

  it('are at most eight pairs of at most 384 characters, for equality or for a subset', async () => {
    await create({ Constraints: { EncryptionContextEquals: pairs(8) } });
    await create({ Constraints: { EncryptionContextSubset: { k: 'v'.repeat(384) } } });
    for (const Constraints of [
      { EncryptionContextEquals: pairs(9) },
      { EncryptionContextSubset: pairs(9) },
      { EncryptionContextSubset: { k: 'v'.repeat(385) } },
      { EncryptionContextSubset: pairs(1), EncryptionContextEquals: pairs(1) },
    ]) {
      await expect(create({ Constraints })).rejects.toMatchObject(invalid);
    }
  });

  it('name an encryption context only where there is one', async () => {
    const id = await newKey(on.kms, 'HMAC_256', 'GENERATE_VERIFY_MAC');
    const Constraints = { EncryptionContextSubset: { a: '1' } };
    await expect(create({ KeyId: id, Operations: ['GenerateMac'], Constraints })).rejects.toMatchObject(invalid);
  });

  it('name a source by its ARN', async () => {
    await expect(create({ Constraints: { SourceArn: 'my table' } })).rejects.toMatchObject({
      name: 'InvalidArnException',
    });
  });
});
