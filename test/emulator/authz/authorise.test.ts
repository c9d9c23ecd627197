import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Identity } from '../../../src/emulator/authz/identities.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const statement = (Effect: 'Allow' | 'Deny', Action: string | string[], Resource = '*') => ({
  Effect,
  Action,
  Resource,
});
const identity = (name: string, ...Statement: object[]): Identity => ({
  accessKeyId: `AKIA${name.toUpperCase()}`,
  secretAccessKey: name,
  arn: `arn:aws:iam::111122223333:user/${name}`,
  policies: Statement.length > 0 ? [{ Version: '2012-10-17', Statement }] : [],
});

const identities = [
  identity('nobody'),
  identity('reader', statement('Allow', ['kms:Describe*', 'kms:list?eys'])),
  identity('writer', statement('Allow', 'kms:*'), statement('Deny', 'kms:Decrypt')),
  identity('maker', statement('Allow', 'kms:CreateKey')),
  identity('elsewhere', statement('Allow', 'kms:*', 'arn:aws:kms:eu-*:*:key/*')),
  { ...identity('stranger', statement('Allow', 'kms:*')), arn: 'arn:aws:iam::444455556666:user/stranger' },
];

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest({ identities });
  KeyId = await on.key();
});
afterAll(() => on.close());

const as = (name: string) => on.as({ accessKeyId: `AKIA${name.toUpperCase()}`, secretAccessKey: name });
const arn = () => `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
const Plaintext = Buffer.from('hi');

describe('Under the default key policy, identity policies decide', () => {
  it('nothing is allowed that none allows', async () => {
    await expect(as('nobody').describeKey({ KeyId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: arn:aws:iam::111122223333:user/nobody is not authorized to perform: kms:DescribeKey on resource: ${arn()} because no identity-based policy allows the kms:DescribeKey action`,
    });
  });

  it('actions match by wildcard, whatever their case', async () => {
    await as('reader').describeKey({ KeyId });
    await as('reader').listKeys({});
    await expect(as('reader').listAliases({})).rejects.toMatchObject({
      message: expect.stringContaining('kms:ListAliases on resource: * because no identity-based policy'),
    });
  });

  it('resources match by wildcard', async () => {
    await expect(as('elsewhere').describeKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('a deny wins over an allow', async () => {
    const { CiphertextBlob } = await as('writer').encrypt({ KeyId, Plaintext });
    const request = { CiphertextBlob: CiphertextBlob as Uint8Array, KeyId };
    await expect(as('writer').decrypt(request)).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('with an explicit deny in an identity-based policy'),
    });
  });

  it('a refusal does not tell which key a blob names', async () => {
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext });
    await expect(as('nobody').decrypt({ CiphertextBlob: CiphertextBlob as Uint8Array })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/^The ciphertext refers to/),
    });
  });

  it('tags within CreateKey need kms:TagResource too', async () => {
    await as('maker').createKey({});
    const tagged = as('maker').createKey({ Tags: [{ TagKey: 'a', TagValue: 'b' }] });
    await expect(tagged).rejects.toMatchObject({ message: expect.stringContaining('kms:TagResource') });
  });

  it('another account is refused by the key policy', async () => {
    await expect(as('stranger').describeKey({ KeyId: arn() })).rejects.toMatchObject({
      message: expect.stringContaining('because no resource-based policy allows the kms:DescribeKey action'),
    });
  });
});

describe('A key policy', () => {
  const policy = (...more: object[]) =>
    JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*', Resource: '*' },
        ...more,
      ],
    });
  const principal = (name: string) => ({ AWS: `arn:aws:iam::111122223333:user/${name}` });

  it('allows who it names without an identity policy', async () => {
    const Policy = policy({ ...statement('Allow', 'kms:Encrypt'), Principal: principal('nobody') });
    const { KeyMetadata } = await on.kms.createKey({ Policy });
    await as('nobody').encrypt({ KeyId: KeyMetadata?.KeyId as string, Plaintext });
  });

  it('denies an administrator', async () => {
    const Policy = policy({ ...statement('Deny', 'kms:Encrypt'), Principal: '*' });
    const { KeyMetadata } = await on.kms.createKey({ Policy });
    await expect(on.kms.encrypt({ KeyId: KeyMetadata?.KeyId as string, Plaintext })).rejects.toMatchObject({
      message: expect.stringContaining('with an explicit deny in a resource-based policy'),
    });
  });
});
