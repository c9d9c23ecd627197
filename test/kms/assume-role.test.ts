import type { KMSClientConfig } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { openKms } from '../../src/kms/clients.js';
import type { CallRecord } from '../../src/kms/connection.js';
import { keyId, ownership } from './scripted.js';

const roleArn = 'arn:aws:iam::111122223333:role/team/kms-lab-app';
const session = 'arn:aws:sts::111122223333:assumed-role/kms-lab-app/kms-lab';
const credentials = '<AccessKeyId>ASIAROLE</AccessKeyId><SecretAccessKey>of-the-role</SecretAccessKey>';

/** STS's answer: with a session, or without credentials. */
const answer = (inner = `${credentials}<SessionToken>a-token</SessionToken>`) =>
  `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials>${inner}</Credentials>` +
  `<AssumedRoleUser><AssumedRoleId>A:kms-lab</AssumedRoleId><Arn>${session}</Arn></AssumedRoleUser></AssumeRoleResult></AssumeRoleResponse>`;

/** Clients of a KMS and an STS that say yes to everything; who asked is kept. */
async function opened(sts: () => { status: number; body: string }, cli: { endpointUrl?: string; profile?: string }) {
  const asked: { host: string; caller: string; token?: string | undefined }[] = [];
  const records: CallRecord[] = [];
  const handler = (service: string) => ({
    async handle({ headers, hostname }: { headers: Record<string, string>; hostname: string }) {
      const caller = /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1] ?? '';
      asked.push({ host: hostname, caller, token: headers['x-amz-security-token'] });
      const { status, body } = service === 'sts' ? sts() : { status: 200, body: '{}' };
      return { response: { statusCode: status, headers: {}, body: Buffer.from(body) } };
    },
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
    destroy() {},
    metadata: { handlerProtocol: 'http/1.1' },
  });
  const config = (service: string, region: string): KMSClientConfig => ({
    region,
    credentials: { accessKeyId: 'AKIACALLER', secretAccessKey: 'mine' },
    requestHandler: handler(service),
    maxAttempts: 1,
  });
  const waits: string[] = [];
  const clients = await openKms({
    connection: { config, cli },
    ownership,
    onCall: (call) => records.push(call),
    onWait: (what) => waits.push(what),
    sleep: async () => {},
  });
  return { clients, asked, records, waits };
}

describe('a role', () => {
  it('is assumed where STS is reached; KMS is then asked as that role, and by its own caller as before', async () => {
    const { clients, asked, records } = await opened(() => ({ status: 200, body: answer() }), {});
    const app = await clients.assume(roleArn, 'us-east-1');
    expect(app.arn).toBe(session);
    await app.kms.describeKey({ KeyId: keyId });
    await app.kmsIn('eu-west-1').listKeys({});
    await clients.in('us-east-1').listKeys({});
    expect(asked.map(({ caller, token }) => [caller, token])).toEqual([
      ['AKIACALLER', undefined],
      ['ASIAROLE', 'a-token'],
      ['ASIAROLE', 'a-token'],
      ['AKIACALLER', undefined],
    ]);
    expect(records.map(({ service, operation, region }) => [service, operation, region])).toEqual([
      ['sts', 'AssumeRole', 'us-east-1'],
      ['kms', 'DescribeKey', 'us-east-1'],
      ['kms', 'ListKeys', 'eu-west-1'],
      ['kms', 'ListKeys', 'us-east-1'],
    ]);
  });

  it('has lines that carry its credentials and no profile, and that never show them', async () => {
    const { clients } = await opened(() => ({ status: 200, body: answer() }), { profile: 'ann' });
    const app = await clients.assume(roleArn, 'us-east-1');
    await app.kms.describeKey({ KeyId: keyId });
    await clients.in('us-east-1').listKeys({});
    expect(clients.takeLines()).toMatchInlineSnapshot(`
      [
        "read -r KMS_LAB_APP_ROLE_ID KMS_LAB_APP_ROLE_SECRET KMS_LAB_APP_ROLE_TOKEN < <(aws sts assume-role --role-arn arn:aws:iam::111122223333:role/team/kms-lab-app --role-session-name kms-lab --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text --region us-east-1 --profile ann)",
        "AWS_ACCESS_KEY_ID="$KMS_LAB_APP_ROLE_ID" AWS_SECRET_ACCESS_KEY="$KMS_LAB_APP_ROLE_SECRET" AWS_SESSION_TOKEN="$KMS_LAB_APP_ROLE_TOKEN" aws kms describe-key --key-id 1234abcd-12ab-34cd-56ef-1234567890ab --region us-east-1",
        "aws kms list-keys --region us-east-1 --profile ann",
      ]
    `);
  });

  it('is waited for when STS throttles, and the waiting is told', async () => {
    const throttled =
      '<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>';
    let calls = 0;
    const sts = () => (++calls < 3 ? { status: 400, body: throttled } : { status: 200, body: answer() });
    const { clients, waits, records } = await opened(sts, {});
    expect((await clients.assume(roleArn, 'us-east-1')).arn).toBe(session);
    expect(waits).toEqual(Array(2).fill('us-east-1: STS throttles AssumeRole'));
    expect(records).toMatchObject([{ service: 'sts', outcome: 'ok' }]);
  });

  it.each([
    [
      'refused',
      403,
      '<ErrorResponse><Error><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>',
      'no',
    ],
    ['answered without credentials', 200, answer(credentials), 'was answered without credentials'],
  ])('that is %s is an error', async (_what, status, body, message) => {
    const { clients } = await opened(() => ({ status, body }), {});
    await expect(clients.assume(roleArn, 'us-east-1')).rejects.toThrow(message);
  });
});
