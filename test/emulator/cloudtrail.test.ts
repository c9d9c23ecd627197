import { CloudTrail, type LookupEventsCommandInput } from '@aws-sdk/client-cloudtrail';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { requestHandler } from '../../src/emulator/handler.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

const hi = Buffer.from('hi');
const day = 86_400_000;

let on: KmsUnderTest;
let now: number;
let KeyId: string;
beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  on = await kmsUnderTest({
    now: () => now,
    identities: [
      { accessKeyId: 'nobody', secretAccessKey: 's', arn: 'arn:aws:iam::111122223333:user/nobody', policies: [] },
      {
        accessKeyId: 'other',
        secretAccessKey: 's',
        arn: 'arn:aws:iam::444455556666:user/other',
        policies: [{ Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }],
      },
    ],
  });
  KeyId = await on.key();
});
afterEach(() => on.close());

const trail = ({ accessKeyId = 'test', secretAccessKey = 'test', region = 'us-east-1' } = {}) =>
  new CloudTrail({
    region,
    credentials: { accessKeyId, secretAccessKey },
    requestHandler: requestHandler(on.emulator),
    maxAttempts: 1,
  });
const lookup = async (request: LookupEventsCommandInput = {}, client = trail()) =>
  (await client.lookupEvents(request)).Events ?? [];
const names = async (request?: LookupEventsCommandInput) => (await lookup(request)).map(({ EventName }) => EventName);
const by = (
  AttributeKey: 'EventName' | 'ResourceName' | 'ReadOnly' | 'Username' | 'EventId',
  AttributeValue: string,
) => ({
  LookupAttributes: [{ AttributeKey, AttributeValue }],
});

describe('LookupEvents', () => {
  it('gives the calls of the account in the Region, newest first, itself among them', async () => {
    await on.kms.disableKey({ KeyId });
    await on.as({ region: 'eu-west-1' }).listKeys({});
    expect(await names()).toEqual(['DisableKey', 'CreateKey']);
    expect(await names()).toEqual(['LookupEvents', 'DisableKey', 'CreateKey']);
    expect((await lookup({}, trail({ region: 'eu-west-1' }))).map(({ EventName }) => EventName)).toEqual(['ListKeys']);
    expect(await lookup({}, trail({ accessKeyId: 'other', secretAccessKey: 's' }))).toEqual([]);
  });

  it('gives each event with its members and the whole record', async () => {
    const { $metadata } = await on.kms.disableKey({ KeyId });
    const [event] = await lookup(by('EventName', 'DisableKey'));
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    expect(event).toMatchObject({
      EventName: 'DisableKey',
      EventSource: 'kms.amazonaws.com',
      ReadOnly: 'false',
      Username: 'lab',
      AccessKeyId: 'test',
      EventTime: new Date(now),
      Resources: [{ ResourceType: 'AWS::KMS::Key', ResourceName: arn }],
    });
    expect(JSON.parse(event?.CloudTrailEvent ?? '')).toMatchObject({
      eventID: event?.EventId,
      requestID: $metadata.requestId,
      eventCategory: 'Management',
      tlsDetails: { clientProvidedHostHeader: 'kms.us-east-1.amazonaws.com' },
    });
  });

  it.each([
    ['EventName', 'Encrypt', 1],
    ['ReadOnly', 'false', 2],
    ['Username', 'lab', 4],
    ['EventSource', 'kms.amazonaws.com', 4],
    ['ResourceType', 'AWS::KMS::Key', 3],
    ['AccessKeyId', 'test', 4],
    ['EventName', 'encrypt', 0],
  ] as const)('finds events by %s %s', async (AttributeKey, AttributeValue, count) => {
    await on.kms.encrypt({ KeyId, Plaintext: hi });
    await on.kms.disableKey({ KeyId });
    await on.kms.listKeys({});
    expect(await lookup({ LookupAttributes: [{ AttributeKey, AttributeValue }] })).toHaveLength(count);
  });

  it('finds what was done with a key, by its ARN or id, and one event by its id', async () => {
    await on.kms.encrypt({ KeyId, Plaintext: hi });
    await on.kms.encrypt({ KeyId: await on.key(), Plaintext: hi });
    expect(await names(by('ResourceName', KeyId))).toEqual(['Encrypt', 'CreateKey']);
    expect(await names(by('ResourceName', `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`))).toHaveLength(2);
    const [event] = await lookup(by('ResourceName', KeyId));
    expect(await lookup(by('EventId', event?.EventId as string))).toEqual([event]);
  });

  it('finds events between two times, and none older than 90 days', async () => {
    const [before, between] = [now + 1000, now + 2000];
    now = between;
    await on.kms.disableKey({ KeyId });
    expect(await names({ StartTime: new Date(before) })).toEqual(['DisableKey']);
    expect(await names({ EndTime: new Date(before) })).toEqual(['CreateKey']);
    now += 90 * day;
    expect(await names(by('ReadOnly', 'false'))).toEqual(['DisableKey']);
    now += 1;
    expect(await names(by('ReadOnly', 'false'))).toEqual([]);
  });

  it('pages through all events once, whatever happens meanwhile', async () => {
    for (let n = 0; n < 7; n++) await on.kms.encrypt({ KeyId, Plaintext: hi });
    const client = trail();
    const request = { ...by('EventName', 'Encrypt'), MaxResults: 3 };
    const ids: (string | undefined)[] = [];
    const sizes: number[] = [];
    let NextToken: string | undefined;
    do {
      const page = await client.lookupEvents({ ...request, NextToken });
      ids.push(...(page.Events ?? []).map(({ EventId }) => EventId));
      sizes.push(page.Events?.length ?? 0);
      NextToken = page.NextToken;
      await on.kms.encrypt({ KeyId, Plaintext: hi });
    } while (NextToken);
    expect(sizes).toEqual([3, 3, 1]);
    expect(new Set(ids).size).toBe(7);
  });

  it('gives 50 events unless asked for fewer', async () => {
    for (let n = 0; n < 51; n++) await on.kms.listKeys({});
    expect(await lookup()).toHaveLength(50);
  });

  it.each([
    ['InvalidMaxResultsException', { MaxResults: 51 }],
    ['InvalidMaxResultsException', { MaxResults: 0 }],
    ['InvalidNextTokenException', { NextToken: 'abc' }],
    ['InvalidTimeRangeException', { StartTime: new Date(2000), EndTime: new Date(1000) }],
    ['InvalidEventCategoryException', { EventCategory: 'management' as never }],
    [
      'InvalidLookupAttributesException',
      { LookupAttributes: [...by('EventName', 'a').LookupAttributes, ...by('EventId', 'b').LookupAttributes] },
    ],
    ['ValidationException', { LookupAttributes: [{ AttributeKey: 'Colour' as never, AttributeValue: 'a' }] }],
    ['ValidationException', { LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: undefined }] }],
  ])('answers %s to %j', async (name, request) => {
    await expect(trail().lookupEvents(request)).rejects.toMatchObject({ name });
  });

  it('takes a token only with the parameters it was given for', async () => {
    await on.kms.listKeys({});
    const client = trail();
    const { NextToken } = await client.lookupEvents({ MaxResults: 1 });
    const asked = client.lookupEvents({ MaxResults: 1, NextToken, ...by('EventName', 'CreateKey') });
    await expect(asked).rejects.toMatchObject({ name: 'InvalidNextTokenException' });
  });

  it('shows events as late as the process wants them to be, in every lookup, and loses none', async () => {
    on.emulator.conditions.lateTrail = 5 * 60_000;
    now += 60_000;
    await on.kms.encrypt({ KeyId, Plaintext: hi });
    const ofKey = by('ResourceName', KeyId);
    expect(await names(ofKey)).toEqual([]);
    now += 4 * 60_000;
    expect(await names({ ...ofKey, EndTime: new Date(now) })).toEqual(['CreateKey']);
    now += 60_000;
    expect(await names(ofKey)).toEqual(['Encrypt', 'CreateKey']);
  });

  it('needs cloudtrail:LookupEvents', async () => {
    const asked = trail({ accessKeyId: 'nobody', secretAccessKey: 's' }).lookupEvents({});
    await expect(asked).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringContaining('is not authorized to perform: cloudtrail:LookupEvents'),
    });
  });

  it('answers two requests a second where quotas are in force', async () => {
    on.emulator.conditions.quotas();
    await names();
    await names();
    await expect(names()).rejects.toMatchObject({ name: 'ThrottlingException', message: 'Rate exceeded' });
    now += 500;
    await names();
  });
});

describe('Use of another account’s key', () => {
  it('is an event of both accounts, with one sharedEventID; a refusal is one of the caller’s alone', async () => {
    const [mine, theirs] = [trail(), trail({ accessKeyId: 'other', secretAccessKey: 's' })];
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    const other = on.as({ accessKeyId: 'other', secretAccessKey: 's' });
    await expect(other.encrypt({ KeyId: arn, Plaintext: hi })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    expect(await lookup(by('EventName', 'Encrypt'), mine)).toEqual([]);
    const everybody = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'kms:*', Resource: '*' };
    const { KeyMetadata } = await on.kms.createKey({ Policy: JSON.stringify({ Statement: [everybody] }) });
    await other.encrypt({ KeyId: KeyMetadata?.Arn, Plaintext: hi });
    const records = await Promise.all(
      [mine, theirs].map(async (client) => {
        const [event] = await lookup(by('EventName', 'Encrypt'), client);
        return JSON.parse(event?.CloudTrailEvent ?? '{}');
      }),
    );
    expect(records[0]).toMatchObject({
      recipientAccountId: '111122223333',
      userIdentity: { type: 'AWSAccount', accountId: '444455556666' },
    });
    expect(records[1]).toMatchObject({ recipientAccountId: '444455556666', userIdentity: { userName: 'other' } });
    expect(records[0].sharedEventID).toBe(records[1].sharedEventID);
    expect(records[0].eventID).not.toBe(records[1].eventID);
  });
});

describe('GetKeyLastUsage', () => {
  it('tells of the last successful use, and which event it was', async () => {
    const started = now;
    expect((await on.kms.getKeyLastUsage({ KeyId })).KeyLastUsage).toEqual({});
    now += 1000;
    const { $metadata } = await on.kms.generateDataKey({ KeyId, KeySpec: 'AES_256' });
    await on.kms.describeKey({ KeyId });
    await on.kms.encrypt({ KeyId, Plaintext: hi, DryRun: true }).catch(() => undefined);
    const { KeyLastUsage, KeyCreationDate, TrackingStartDate, KeyId: arn } = await on.kms.getKeyLastUsage({ KeyId });
    expect(arn).toBe(`arn:aws:kms:us-east-1:111122223333:key/${KeyId}`);
    expect([KeyCreationDate, TrackingStartDate]).toEqual([new Date(started), new Date(started)]);
    const [event] = await lookup(by('EventName', 'GenerateDataKey'));
    expect(KeyLastUsage).toEqual({
      Operation: 'GenerateDataKey',
      Timestamp: new Date(now),
      CloudTrailEventId: event?.EventId,
      KmsRequestId: $metadata.requestId,
    });
  });

  it('refuses an alias, and a key that is not there', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    const refused = { name: 'NotFoundException' };
    await expect(on.kms.getKeyLastUsage({ KeyId: 'alias/a' })).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(on.kms.getKeyLastUsage({ KeyId: '1234abcd-12ab-34cd-56ef-1234567890ab' })).rejects.toMatchObject(
      refused,
    );
  });
});
