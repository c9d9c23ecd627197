import type { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const [second, day] = [1000, 24 * 60 * 60 * 1000];
const start = Date.UTC(2026, 0, 1);
const region = 'eu-west-1';
let on: KmsUnderTest;
let replica: KMS;
let KeyId: string;
beforeEach(async () => {
  on = await kmsUnderTest({ now: () => start });
  replica = on.as({ region });
  KeyId = (await on.kms.createKey({ MultiRegion: true })).KeyMetadata?.KeyId as string;
  await on.kms.replicateKey({ KeyId, ReplicaRegion: region });
  on.emulator.advance(second);
});
afterEach(() => on.close());

const both = () => [on.kms, replica];
const current = async (kms: KMS) => (await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId;
const status = async (kms: KMS) => (({ $metadata, ...answer }) => answer)(await kms.getKeyRotationStatus({ KeyId }));
const rotations = async (kms: KMS) => (await kms.listKeyRotations({ KeyId })).Rotations;

describe('rotation of a multi-Region key', () => {
  it.each([
    ['EnableKeyRotation', (kms: KMS) => kms.enableKeyRotation({ KeyId })],
    ['DisableKeyRotation', (kms: KMS) => kms.disableKeyRotation({ KeyId })],
    ['RotateKeyOnDemand', (kms: KMS) => kms.rotateKeyOnDemand({ KeyId })],
  ] as const)('%s is for the primary', async (_name, call) => {
    await expect(call(replica)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: expect.stringContaining(`arn:aws:kms:${region}:111122223333:key/${KeyId} is a replica key`),
    });
    await call(on.kms);
  });

  it('is set for all and happens in all', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    expect(await status(replica)).toEqual(await status(on.kms));
    const before = await current(replica);
    const { CiphertextBlob } = await replica.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    on.emulator.advance(90 * day);
    expect(await rotations(replica)).toEqual(await rotations(on.kms));
    expect(await rotations(replica)).toHaveLength(1);
    expect(await current(replica)).not.toBe(before);
    for (const kms of both()) expect((await kms.decrypt({ KeyId, CiphertextBlob })).KeyMaterialId).toBe(before);
  });

  it('on demand gives all the same new material', async () => {
    await on.kms.rotateKeyOnDemand({ KeyId });
    expect(await status(replica)).toHaveProperty('OnDemandRotationStartDate');
    on.emulator.advance(second);
    expect(await current(replica)).toBe(await current(on.kms));
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    expect((await replica.decrypt({ KeyId, CiphertextBlob })).KeyMaterialId).toBe(await current(on.kms));
  });

  it('does not care whether a replica is disabled', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await replica.disableKey({ KeyId });
    on.emulator.advance(90 * day);
    expect(await rotations(on.kms)).toHaveLength(1);
    await replica.enableKey({ KeyId });
    expect(await rotations(on.kms)).toHaveLength(1);
  });

  it('goes on under a new primary, which then manages it', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: region });
    on.emulator.advance(90 * day);
    expect(await rotations(replica)).toHaveLength(1);
    await expect(on.kms.disableKeyRotation({ KeyId })).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    await replica.disableKey({ KeyId });
    on.emulator.advance(90 * day);
    expect(await rotations(replica)).toHaveLength(1);
    await replica.enableKey({ KeyId });
    expect(await rotations(on.kms)).toHaveLength(2);
    await replica.disableKeyRotation({ KeyId });
    on.emulator.advance(365 * day);
    expect(await rotations(replica)).toHaveLength(2);
  });

  it('outlives the key that was the primary when it was set', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    await on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: region });
    on.emulator.advance(second);
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    expect(await status(on.kms)).toEqual({ KeyId, KeyRotationEnabled: false });
    on.emulator.advance(90 * day);
    expect(await rotations(replica)).toHaveLength(1);
  });

  it('rests while the primary waits for its replicas to go', async () => {
    await on.kms.enableKeyRotation({ KeyId, RotationPeriodInDays: 90 });
    on.emulator.advance(85 * day);
    await on.kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    on.emulator.advance(10 * day);
    expect(await status(on.kms)).toEqual({ KeyId, KeyRotationEnabled: false });
    expect(await rotations(on.kms)).toEqual([]);
    await on.kms.cancelKeyDeletion({ KeyId });
    await on.kms.enableKey({ KeyId });
    expect(await rotations(on.kms)).toHaveLength(1);
  });
});
