import { existsSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Trail } from '../../src/emulator/audit/trail.js';
import { memoryStore } from '../../src/emulator/store/memory.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

const text = readFileSync('src/emulator/README.md', 'utf8').replaceAll('\r\n', '\n');
const list = text.slice(text.indexOf('## What differs from AWS'));
const lines = list.split('\n').filter((line) => line.startsWith('- '));

describe('The list of what differs from AWS', () => {
  it('has no line without a test', () => {
    expect(lines.length).toBeGreaterThan(15);
    expect(lines.filter((line) => !/\(`[\w/.-]+\.test\.ts` › [^)]+\)$/.test(line))).toEqual([]);
  });

  it.each(lines.map((line) => /\(`(?<file>[^`]+)` › (?<title>.+)\)$/.exec(line)?.groups ?? {}))(
    '$file has: $title',
    ({ file = '', title = '' }) => {
      expect(existsSync(`test/${file}`)).toBe(true);
      expect(readFileSync(`test/${file}`, 'utf8')).toContain(`'${title}`);
    },
  );
});

describe('The embedded KMS, other than AWS', () => {
  let on: KmsUnderTest;
  let KeyId: string;
  beforeEach(async () => {
    on = await kmsUnderTest({ now: () => Date.UTC(2026, 0, 1) });
    KeyId = await on.key();
  });
  afterEach(() => on.close());

  it('there are no AWS managed keys', async () => {
    const absent = { name: 'NotFoundException' };
    await expect(on.kms.describeKey({ KeyId: 'alias/aws/s3' })).rejects.toMatchObject(absent);
    expect((await on.kms.listAliases({})).Aliases).toEqual([]);
  });

  it('aws:SecureTransport is true', async () => {
    const account = { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*' };
    const deny = (value: string) => ({
      ...{ Effect: 'Deny', Principal: '*', Action: 'kms:Encrypt', Resource: '*' },
      Condition: { Bool: { 'aws:SecureTransport': value } },
    });
    const put = (value: string) =>
      on.kms.putKeyPolicy({
        KeyId,
        Policy: JSON.stringify({ Version: '2012-10-17', Statement: [account, deny(value)] }),
      });
    const encrypt = () => on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    await put('false');
    await encrypt();
    await put('true');
    await expect(encrypt()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('a ciphertext of AWS is none here', async () => {
    // As AWS's begin: a version, and what it says of the key.
    const CiphertextBlob = Buffer.concat([Buffer.from('0102020078', 'hex'), Buffer.alloc(160, 7)]);
    const refused = { name: 'InvalidCiphertextException' };
    await expect(on.kms.decrypt({ CiphertextBlob, KeyId })).rejects.toMatchObject(refused);
  });

  it('messages of our own', async () => {
    await on.kms.rotateKeyOnDemand({ KeyId });
    await expect(on.kms.rotateKeyOnDemand({ KeyId })).rejects.toMatchObject({
      name: 'ConflictException',
      message: expect.stringMatching(/^An on-demand rotation of arn:\S+ is already in progress\.$/),
      $metadata: { httpStatusCode: 400 },
    });
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: expect.stringMatching(/ is not a multi-Region primary key\.$/),
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('what is changed is seen at once', async () => {
    await on.kms.createAlias({ AliasName: 'alias/now', TargetKeyId: KeyId });
    expect((await on.kms.describeKey({ KeyId: 'alias/now' })).KeyMetadata?.KeyId).toBe(KeyId);
  });
});

it('the last 20,000 events are kept', () => {
  const store = memoryStore();
  const trail = new Trail(store);
  const call = (operation: string) => ({
    service: 'kms' as const,
    ...{ operation, region: 'us-east-1', request: {}, keys: [], notes: {}, changes: false, requestId: '', time: 0 },
    caller: {
      arn: 'arn:aws:iam::111122223333:user/lab',
      account: '111122223333',
      accessKeyId: '',
      userId: '',
      identityPolicies: [],
    },
    ...{ sourceIp: '', userAgent: '' },
  });
  store.write(() => {
    trail.put(call('ListKeys'));
    for (let n = 0; n < 20_000; n++) trail.put(call('ListAliases'));
  });
  const names = [...trail.events()].map(({ eventName }) => eventName);
  expect(names).toHaveLength(20_000);
  expect(new Set(names)).toEqual(new Set(['ListAliases']));
  trail.close();
});
