import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest();
});
afterAll(() => on.close());

const account = '111122223333';
const arnOf = (id: string) => `arn:aws:kms:us-east-1:${account}:key/${id}`;
const nobody = '00000000-0000-0000-0000-000000000000';

describe('CreateKey', () => {
  it('makes an enabled symmetric key', async () => {
    const { KeyMetadata } = await on.kms.createKey({ Description: 'a key' });
    const id = KeyMetadata?.KeyId as string;
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(KeyMetadata).toMatchObject({
      AWSAccountId: account,
      Arn: arnOf(id),
      Description: 'a key',
      Enabled: true,
      KeyState: 'Enabled',
      KeySpec: 'SYMMETRIC_DEFAULT',
      KeyUsage: 'ENCRYPT_DECRYPT',
      EncryptionAlgorithms: ['SYMMETRIC_DEFAULT'],
      Origin: 'AWS_KMS',
      KeyManager: 'CUSTOMER',
      MultiRegion: false,
      CurrentKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(Math.abs(Number(KeyMetadata?.CreationDate) - Date.now())).toBeLessThan(60_000);
    expect((await on.kms.describeKey({ KeyId: id })).KeyMetadata).toEqual(KeyMetadata);
  });

  it('makes a multi-Region primary', async () => {
    const { KeyMetadata } = await on.kms.createKey({ MultiRegion: true });
    expect(KeyMetadata?.KeyId).toMatch(/^mrk-[0-9a-f]{32}$/);
    expect(KeyMetadata?.MultiRegionConfiguration).toEqual({
      MultiRegionKeyType: 'PRIMARY',
      PrimaryKey: { Arn: KeyMetadata?.Arn, Region: 'us-east-1' },
      ReplicaKeys: [],
    });
  });

  it.each([
    [{ KeyUsage: 'SIGN_VERIFY' as const }, 'ValidationException'],
    [
      { KeySpec: 'SYMMETRIC_DEFAULT' as const, CustomerMasterKeySpec: 'SYMMETRIC_DEFAULT' as const },
      'ValidationException',
    ],
    [{ KeySpec: 'RSA_0' as never }, 'ValidationException'],
    [{ KeySpec: 'SM2' as const, KeyUsage: 'SIGN_VERIFY' as const }, 'UnsupportedOperationException'],
    [{ Policy: '{' }, 'MalformedPolicyDocumentException'],
    [{ Policy: '{"Version":"2012-10-17","Statement":[]}' }, 'MalformedPolicyDocumentException'],
    [
      {
        Tags: [
          { TagKey: 'a', TagValue: '1' },
          { TagKey: 'a', TagValue: '2' },
        ],
      },
      'TagException',
    ],
    [{ Tags: [{ TagKey: 'aws:a', TagValue: '1' }] }, 'TagException'],
  ])('refuses %o and makes nothing', async (request, name) => {
    const before = (await on.kms.listKeys({ Limit: 1000 })).Keys;
    await expect(on.kms.createKey(request)).rejects.toMatchObject({ name });
    expect((await on.kms.listKeys({ Limit: 1000 })).Keys).toEqual(before);
  });

  it('refuses a policy that locks its author out, unless told to', async () => {
    const Statement = [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:DescribeKey', Resource: '*' }];
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement });
    await expect(on.kms.createKey({ Policy })).rejects.toMatchObject({
      name: 'MalformedPolicyDocumentException',
      message: 'The new key policy will not allow you to update the key policy in the future.',
    });
    const { KeyMetadata } = await on.kms.createKey({ Policy, BypassPolicyLockoutSafetyCheck: true });
    const KeyId = KeyMetadata?.KeyId as string;
    await expect(on.kms.disableKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('A key id', () => {
  it('may be an id, an ARN, an alias or an alias’s ARN where AWS takes all four', async () => {
    const id = await on.key();
    await on.kms.createAlias({ AliasName: 'alias/four', TargetKeyId: id });
    for (const KeyId of [id, arnOf(id), 'alias/four', `arn:aws:kms:us-east-1:${account}:alias/four`]) {
      expect((await on.kms.describeKey({ KeyId })).KeyMetadata?.KeyId).toBe(id);
    }
  });

  it.each([
    [nobody, 'NotFoundException', `Key '${arnOf(nobody)}' does not exist`],
    [arnOf(nobody), 'NotFoundException', `Key '${arnOf(nobody)}' does not exist`],
    ['xyz', 'NotFoundException', "Invalid keyId 'xyz'"],
    ['alias/none', 'NotFoundException', `Alias arn:aws:kms:us-east-1:${account}:alias/none is not found.`],
    [`arn:aws:kms:eu-west-1:${account}:key/${nobody}`, 'NotFoundException', 'Invalid arn eu-west-1'],
    ['arn:aws:kms:us-east-1', 'InvalidArnException', 'Invalid arn arn:aws:kms:us-east-1'],
    [
      `arn:aws-cn:kms:us-east-1:${account}:key/${nobody}`,
      'InvalidArnException',
      `Invalid arn arn:aws-cn:kms:us-east-1:${account}:key/${nobody}`,
    ],
  ])('%s is refused', async (KeyId, name, message) => {
    await expect(on.kms.describeKey({ KeyId })).rejects.toMatchObject({ name, message });
  });

  it('may be no alias where AWS takes ids and ARNs alone', async () => {
    await on.kms.createAlias({ AliasName: 'alias/two', TargetKeyId: await on.key() });
    const refused = { name: 'InvalidArnException', message: 'Key Aliases are not supported for this operation.' };
    for (const KeyId of ['alias/two', 'alias/none', `arn:aws:kms:us-east-1:${account}:alias/two`]) {
      await expect(on.kms.disableKey({ KeyId })).rejects.toMatchObject(refused);
      await expect(on.kms.getKeyPolicy({ KeyId })).rejects.toMatchObject(refused);
    }
  });
});

describe('DisableKey and EnableKey', () => {
  it('switch a key off and on', async () => {
    const KeyId = await on.key();
    const Plaintext = Buffer.from('hi');
    await on.kms.disableKey({ KeyId });
    expect((await on.kms.describeKey({ KeyId })).KeyMetadata).toMatchObject({ Enabled: false, KeyState: 'Disabled' });
    await expect(on.kms.encrypt({ KeyId, Plaintext })).rejects.toMatchObject({
      name: 'DisabledException',
      message: `${arnOf(KeyId)} is disabled.`,
    });
    await on.kms.enableKey({ KeyId });
    await on.kms.encrypt({ KeyId, Plaintext });
  });
});

describe('ListKeys', () => {
  it('gives every key once, page by page, and refuses a marker it did not give', async () => {
    const fresh = await kmsUnderTest();
    const made = await Promise.all(Array.from({ length: 7 }, () => fresh.key()));
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await fresh.kms.listKeys({ Limit: 3, ...(Marker ? { Marker } : {}) });
      seen.push(...(page.Keys ?? []).map(({ KeyId }) => KeyId));
      expect(page.Truncated).toBe(page.NextMarker !== undefined);
      Marker = page.NextMarker;
    } while (Marker);
    expect(seen).toEqual([...made].sort());
    await expect(fresh.kms.listKeys({ Marker: 'bogus' })).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    await fresh.close();
  });

  it('knows accounts’ Regions apart', async () => {
    expect((await on.as({ region: 'eu-west-3' }).listKeys({})).Keys).toEqual([]);
  });
});

describe('GetKeyPolicy', () => {
  it('gives the policy that AWS writes when none was given', async () => {
    const { Policy, PolicyName } = await on.kms.getKeyPolicy({ KeyId: await on.key() });
    expect(PolicyName).toBe('default');
    expect(JSON.parse(Policy as string).Statement).toEqual([
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:aws:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ]);
  });

  it('knows no other policy', async () => {
    const request = { KeyId: await on.key(), PolicyName: 'other' };
    await expect(on.kms.getKeyPolicy(request)).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});
