import type { ListKeyPoliciesRequest } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import { account, as, identity } from '../support/policies.js';

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest({ identities: [identity('nobody')] });
  KeyId = await on.key();
});
afterAll(() => on.close());

describe('ListKeyPolicies', () => {
  it.each([undefined, 1, 1000])('gives the one policy that a key has (Limit %s)', async (Limit) => {
    const { $metadata, ...reply } = await on.kms.listKeyPolicies({ KeyId, ...(Limit ? { Limit } : {}) });
    expect(reply).toEqual({ PolicyNames: ['default'], Truncated: false });
  });

  it('takes a key by its ARN, in every state', async () => {
    const arn = `arn:aws:kms:us-east-1:${account}:key/${await on.key()}`;
    await on.kms.scheduleKeyDeletion({ KeyId: arn });
    expect((await on.kms.listKeyPolicies({ KeyId: arn })).PolicyNames).toEqual(['default']);
  });

  it.each<[name: string, change: Partial<ListKeyPoliciesRequest>]>([
    ['NotFoundException', { KeyId: '12345678-1234-1234-1234-123456789012' }],
    ['InvalidArnException', { KeyId: 'alias/none' }],
    ['InvalidArnException', { KeyId: `arn:aws:kms:us-east-1:${account}:alias/none` }],
    ['InvalidMarkerException', { Marker: 'none' }],
    ['ValidationException', { Limit: 0 }],
    ['ValidationException', { Limit: 1001 }],
  ])('%s for %j', async (name, change) => {
    await expect(on.kms.listKeyPolicies({ KeyId, ...change })).rejects.toMatchObject({ name });
  });

  it('AccessDeniedException for who may not', async () => {
    await expect(as(on, 'nobody').listKeyPolicies({ KeyId })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('because no identity-based policy allows the kms:ListKeyPolicies action'),
    });
  });
});
