import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
let KeyId: string;
beforeEach(async () => {
  on = await kmsUnderTest();
  KeyId = await on.key();
});
afterEach(() => on.close());

const newest = () => [...on.emulator.trail.events()][0] as Record<string, unknown>;
const resources = () => [
  { accountId: '111122223333', type: 'AWS::KMS::Key', ARN: `arn:aws:kms:us-east-1:111122223333:key/${KeyId}` },
];

describe('Every call leaves an event in CloudTrail’s format', () => {
  it('one that uses a key', async () => {
    const EncryptionContext = { tenant: 'a' };
    const { $metadata } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi'), EncryptionContext });
    expect(newest()).toMatchObject({
      eventVersion: '1.11',
      eventSource: 'kms.amazonaws.com',
      eventName: 'Encrypt',
      awsRegion: 'us-east-1',
      readOnly: true,
      userIdentity: { type: 'IAMUser', arn: 'arn:aws:iam::111122223333:user/lab', userName: 'lab' },
      requestParameters: {
        keyId: KeyId,
        encryptionContext: EncryptionContext,
        encryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      },
      responseElements: null,
      additionalEventData: { keyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/) },
      requestID: $metadata.requestId,
      resources: resources(),
    });
  });

  it('one that changes a key', async () => {
    await on.kms.scheduleKeyDeletion({ KeyId });
    expect(newest()).toMatchObject({
      eventName: 'ScheduleKeyDeletion',
      readOnly: false,
      responseElements: { keyId: resources()[0]?.ARN },
      resources: resources(),
    });
  });

  it('each in its place: what only looked comes before what changed something later', async () => {
    await on.kms.describeKey({ KeyId });
    await on.kms.disableKey({ KeyId });
    const names = [...on.emulator.trail.events()].map(({ eventName }) => eventName);
    expect(names).toEqual(['DisableKey', 'DescribeKey', 'CreateKey']);
  });

  it('one that is refused', async () => {
    await on.kms.disableKey({ KeyId });
    await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') }).catch(() => undefined);
    expect(newest()).toMatchObject({ eventName: 'Encrypt', errorCode: 'DisabledException', resources: resources() });
  });

  it('never with plaintext, ciphertext or grant tokens', async () => {
    const secret = 'a very secret plaintext';
    const GranteePrincipal = 'arn:aws:iam::111122223333:user/alice';
    const { GrantToken = '' } = await on.kms.createGrant({ KeyId, GranteePrincipal, Operations: ['Encrypt'] });
    const GrantTokens = [GrantToken];
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from(secret), GrantTokens });
    await on.kms.decrypt({ CiphertextBlob: CiphertextBlob as Uint8Array });
    await on.kms.retireGrant({ GrantToken });
    const text = JSON.stringify([...on.emulator.trail.events()]);
    expect(text).toContain('RetireGrant');
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('base64'));
    expect(text).not.toContain(
      Buffer.from(CiphertextBlob as Uint8Array)
        .toString('base64')
        .slice(0, 40),
    );
    expect(text).not.toContain(GrantToken);
  });
});
