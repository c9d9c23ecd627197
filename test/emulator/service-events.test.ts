import { randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { importWith, newExternalKey, parametersFor } from '../support/imports.js';
import { arnIn, away, day, type Family, family, home, second, start } from './multi-region/family.js';

let on: Family;
beforeEach(async () => {
  on = await family();
});
afterEach(() => on.close());

/** The events that nobody called for: what KMS did by itself. */
async function internal(region = home) {
  // CloudTrail itself lets nothing happen: a call to KMS does.
  await on.kms.listKeys({});
  const events = await on.events(region);
  return events.map(({ record }) => record).filter(({ userAgent }) => userAgent === 'AWS Internal');
}

const common = (eventName: string, id: string, at: number) => ({
  ...{ eventName, eventSource: 'kms.amazonaws.com', awsRegion: home, readOnly: false },
  userIdentity: { accountId: '111122223333', invokedBy: 'AWS Internal' },
  eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
  sourceIPAddress: 'AWS Internal',
  requestParameters: null,
  resources: [{ accountId: '111122223333', type: 'AWS::KMS::Key', ARN: arnIn(home, id) }],
  recipientAccountId: '111122223333',
});
const serviceEvent = { eventType: 'AwsServiceEvent', responseElements: null };

describe('CloudTrail records what KMS does by itself', () => {
  it('DeleteKey, at the end of the waiting period', async () => {
    const KeyId = await on.key();
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await internal()).toEqual([]);
    on.emulator.advance(8 * day);
    expect(await internal()).toMatchObject([{ ...common('DeleteKey', KeyId, start + 7 * day), ...serviceEvent }]);
  });

  it('RotateKey, on schedule and on demand', async () => {
    const KeyId = await on.key();
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await on.kms.rotateKeyOnDemand({ KeyId });
    on.emulator.advance(91 * day);
    const of = (rotationType: string, at: number) => ({
      ...{ ...common('RotateKey', KeyId, at), ...serviceEvent },
      serviceEventDetails: { rotationType, keyId: KeyId },
    });
    const events = await internal();
    expect(events).toHaveLength(1); // LookupEvents reaches back 90 days; the trail further
    expect(events).toMatchObject([of('AUTOMATIC', start + 90 * day)]);
    const all = [...on.emulator.trail.events()].filter(({ eventName }) => eventName === 'RotateKey');
    expect(all).toMatchObject([of('AUTOMATIC', start + 90 * day), of('ON_DEMAND', start + second)]);
  });

  it('DeleteExpiredKeyMaterial', async () => {
    const KeyId = await newExternalKey(on.kms);
    const ValidTo = new Date(start + day);
    await importWith(on.kms, KeyId, await parametersFor(on.kms, KeyId), randomBytes(32), { ValidTo });
    on.emulator.advance(2 * day);
    expect(await internal()).toMatchObject([
      {
        ...common('DeleteExpiredKeyMaterial', KeyId, start + day),
        ...serviceEvent,
        serviceEventDetails: { keyId: KeyId },
      },
    ]);
  });

  it('SynchronizeMultiRegionKey, in the primary’s Region alone', async () => {
    const KeyId = await on.primary();
    await on.replica(KeyId);
    const synchronised = common('SynchronizeMultiRegionKey', KeyId, start + second);
    expect(await internal()).toMatchObject([
      { ...synchronised, eventType: 'AwsApiCall', responseElements: { keyId: arnIn(home, KeyId) } },
    ]);
    expect(await internal(away)).toEqual([]);
  });
});
