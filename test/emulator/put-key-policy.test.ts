import type { PutKeyPolicyRequest } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import {
  account,
  accountRoot,
  allow,
  allowed,
  as,
  deny,
  identity,
  keyPolicy,
  keyUnder,
  user,
} from '../support/policies.js';

const Principal = { AWS: user('nobody') };
const identities = [identity('nobody'), identity('putter', [allow('kms:PutKeyPolicy')])];

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest({ identities });
  KeyId = await on.key();
});
afterAll(() => on.close());

const put = (Policy: string, more: Partial<PutKeyPolicyRequest> = {}) =>
  on.kms.putKeyPolicy({ KeyId, Policy, ...more });
const policyOf = async (id = KeyId) => (await on.kms.getKeyPolicy({ KeyId: id })).Policy;

describe('PutKeyPolicy', () => {
  it('replaces the policy, which GetKeyPolicy then gives as it was written', async () => {
    const Policy = `${keyPolicy(allow('kms:Encrypt', { Principal }))}\n `;
    const { $metadata, ...reply } = await put(Policy, { PolicyName: 'default' });
    expect(reply).toEqual({});
    expect(await policyOf()).toBe(Policy);
  });

  it('takes effect at once, and the former policy has none', async () => {
    const encrypt = () => allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext: Buffer.from('hi') }));
    await put(keyPolicy(allow('kms:Encrypt', { Principal })));
    expect(await encrypt()).toBe(true);
    await put(keyPolicy());
    expect(await encrypt()).toBe(false);
  });

  it('takes a key by its ARN, in every state', async () => {
    const arn = await keyUnder(on);
    await on.kms.scheduleKeyDeletion({ KeyId: arn });
    await put(keyPolicy(), { KeyId: arn });
  });

  it('leaves an event with the policy in it', async () => {
    await put(keyPolicy());
    const [event] = [...on.emulator.trail.events()];
    expect(event).toMatchObject({
      eventName: 'PutKeyPolicy',
      readOnly: false,
      requestParameters: { keyId: KeyId, policy: keyPolicy() },
    });
  });

  it.each<[title: string, name: string, change: Partial<PutKeyPolicyRequest>]>([
    ['a key that does not exist', 'NotFoundException', { KeyId: '12345678-1234-1234-1234-123456789012' }],
    ['an alias', 'InvalidArnException', { KeyId: 'alias/none' }],
    ['an alias ARN', 'InvalidArnException', { KeyId: `arn:aws:kms:us-east-1:${account}:alias/none` }],
    ['an ARN of another service', 'InvalidArnException', { KeyId: 'arn:aws:s3:::bucket' }],
    ['another policy than the one a key has', 'NotFoundException', { PolicyName: 'other' }],
    ['more than 32,768 bytes', 'LimitExceededException', { Policy: keyPolicy().padEnd(32_769) }],
    [
      'more bytes than characters',
      'LimitExceededException',
      { Policy: keyPolicy(allow('kms:*', { Principal, Sid: 'é'.repeat(16_384) })) },
    ],
    ['a policy that is none', 'MalformedPolicyDocumentException', { Policy: '{' }],
    ['characters beyond U+00FF', 'ValidationException', { Policy: `${keyPolicy()}\u2014` }],
    ['control characters', 'ValidationException', { Policy: `${keyPolicy()}\u0001` }],
  ])('refuses %s: %s', async (_title, name, change) => {
    const before = await policyOf();
    await expect(put(keyPolicy(), change)).rejects.toMatchObject({ name });
    expect(await policyOf()).toBe(before);
  });

  it('takes 32,768 bytes', async () => {
    await put(keyPolicy().padEnd(32_768));
  });

  it('AccessDeniedException for who may not', async () => {
    await expect(as(on, 'nobody').putKeyPolicy({ KeyId, Policy: keyPolicy() })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('kms:PutKeyPolicy'),
    });
  });
});

describe('The lock-out check', () => {
  const only = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
  const lockedOut = {
    name: 'MalformedPolicyDocumentException',
    message: 'The new key policy will not allow you to update the key policy in the future.',
  };

  it.each([
    ['gives it to another', only(allow('kms:*', { Principal }))],
    ['denies it to its author', keyPolicy(deny('kms:PutKeyPolicy', { Principal: { AWS: user('lab') } }))],
    [
      'allows it under a condition that does not hold',
      only({ ...accountRoot, Condition: { Bool: { 'aws:ViaAWSService': true } } }),
    ],
    ['allows all but it', only(allow('kms:Get*', { Principal: { AWS: account } }))],
  ])('refuses a policy that %s', async (_title, Policy) => {
    await expect(put(Policy)).rejects.toMatchObject(lockedOut);
  });

  it('refuses a policy that only somebody else’s identity policy would make of use', async () => {
    const key = await keyUnder(on, allow('kms:*', { Principal }));
    const by = as(on, 'nobody').putKeyPolicy({ KeyId: key, Policy: keyPolicy() });
    await expect(by).rejects.toMatchObject(lockedOut);
    await as(on, 'putter').putKeyPolicy({ KeyId: key, Policy: keyPolicy() });
  });

  it('takes a policy whose condition holds for the one who puts it', async () => {
    await put(only({ ...accountRoot, Condition: { IpAddress: { 'aws:SourceIp': '127.0.0.1' } } }));
  });

  it('is left out on request, unless a policy forbids that', async () => {
    const key = await keyUnder(on);
    await put(only(allow('kms:*', { Principal })), { KeyId: key, BypassPolicyLockoutSafetyCheck: true });
    expect(await allowed(on.kms.getKeyPolicy({ KeyId: key }))).toBe(false);
    const Condition = { Bool: { 'kms:BypassPolicyLockoutSafetyCheck': true } };
    const guarded = await keyUnder(on, deny('kms:*', { Principal: '*', Condition }));
    const bypassing = put(keyPolicy(), { KeyId: guarded, BypassPolicyLockoutSafetyCheck: true });
    await expect(bypassing).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await put(keyPolicy(), { KeyId: guarded });
  });
});
