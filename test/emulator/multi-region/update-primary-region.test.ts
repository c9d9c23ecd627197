import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arnIn, away, type Family, family, home, second, third } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary();
  await on.replica(KeyId);
});
afterEach(() => on.close());

const update = (PrimaryRegion: string = away, id = KeyId) => on.kms.updatePrimaryRegion({ KeyId: id, PrimaryRegion });
const roles = async () =>
  Object.fromEntries(
    await Promise.all(
      [home, away, third].map(async (region) => {
        const key = await on.look(on.in[region as typeof home], KeyId);
        return [region, key?.MultiRegionConfiguration?.MultiRegionKeyType] as const;
      }),
    ),
  );

describe('UpdatePrimaryRegion', () => {
  it('answers nothing, and swaps the roles after a second of Updating, in which both keys go on working', async () => {
    expect(await update()).toEqual({ $metadata: expect.anything() });
    for (const kms of [on.kms, on.in[away]]) {
      expect(await on.look(kms, KeyId)).toMatchObject({ KeyState: 'Updating', Enabled: false });
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: hi });
      expect(Buffer.from((await kms.decrypt({ CiphertextBlob })).Plaintext as Uint8Array)).toEqual(hi);
    }
    on.emulator.advance(second - 1);
    expect((await on.look(on.kms, KeyId))?.KeyState).toBe('Updating');
    on.emulator.advance(1);
    expect(await roles()).toEqual({ [home]: 'REPLICA', [away]: 'PRIMARY' });
    for (const kms of [on.kms, on.in[away]]) {
      expect(await on.look(kms, KeyId)).toMatchObject({
        KeyState: 'Enabled',
        MultiRegionConfiguration: {
          PrimaryKey: { Arn: arnIn(away, KeyId), Region: away },
          ReplicaKeys: [{ Arn: arnIn(home, KeyId), Region: home }],
        },
      });
    }
  });

  it('tells the keys that it does not touch too', async () => {
    await on.replica(KeyId, { ReplicaRegion: third });
    await update();
    expect((await on.look(on.in[third], KeyId))?.KeyState).toBe('Enabled');
    on.emulator.advance(second);
    expect(await roles()).toEqual({ [home]: 'REPLICA', [away]: 'PRIMARY', [third]: 'REPLICA' });
  });

  it('lets the new primary replicate, and the old one no more; and can be taken back', async () => {
    await on.promote(KeyId);
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: third })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
    await on.in[away].replicateKey({ KeyId, ReplicaRegion: third });
    await on.promote(KeyId, home, on.in[away]);
    expect(await roles()).toEqual({ [home]: 'PRIMARY', [away]: 'REPLICA', [third]: 'REPLICA' });
  });

  it('leaves Updating keys to be used, described and tagged, not to be managed', async () => {
    await update();
    const updating = { name: 'KMSInvalidStateException', message: `${arnIn(home, KeyId)} is updating.` };
    await expect(on.kms.disableKey({ KeyId })).rejects.toMatchObject(updating);
    await expect(on.kms.scheduleKeyDeletion({ KeyId })).rejects.toMatchObject(updating);
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: third })).rejects.toMatchObject(updating);
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] });
  });

  it('twice in a second ends with the last one', async () => {
    await on.replica(KeyId, { ReplicaRegion: third });
    await update(away);
    on.emulator.advance(second / 2);
    await update(third);
    on.emulator.advance(2 * second);
    expect(await roles()).toEqual({ [home]: 'REPLICA', [away]: 'REPLICA', [third]: 'PRIMARY' });
    for (const region of [home, away, third] as const) {
      expect((await on.look(on.in[region], KeyId))?.KeyState).toBe('Enabled');
    }
  });

  it('is logged in both Regions, each with its own key', async () => {
    await update();
    for (const region of [home, away]) {
      expect((await on.events(region))[0]).toMatchObject({
        name: 'UpdatePrimaryRegion',
        record: {
          awsRegion: region,
          requestParameters: { keyId: KeyId, primaryRegion: away },
          resources: [{ ARN: arnIn(region, KeyId) }],
        },
      });
    }
  });
});

describe('UpdatePrimaryRegion refuses', () => {
  it('a single-Region key', async () => {
    const single = await on.key();
    await expect(update(away, single)).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${arnIn(home, single)} is not a multi-Region primary key.`,
    });
  });

  it('a replica', async () => {
    const promoting = on.in[away].updatePrimaryRegion({ KeyId, PrimaryRegion: away });
    await expect(promoting).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
      message: `${arnIn(away, KeyId)} is not a multi-Region primary key.`,
    });
  });

  it('a Region without a replica', async () => {
    await expect(update(third)).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Key '${arnIn(third, KeyId)}' does not exist`,
    });
  });

  it('the Region that is primary already', async () => {
    await expect(update(home)).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    expect((await on.look(on.kms, KeyId))?.KeyState).toBe('Enabled');
  });

  it.each([
    ['the primary', home],
    ['the replica', away],
  ] as const)('when %s is disabled or dying', async (_name, region) => {
    await on.in[region].disableKey({ KeyId });
    const message = (state: string) => `${arnIn(region, KeyId)} is ${state}.`;
    await expect(update()).rejects.toMatchObject({ name: 'DisabledException', message: message('disabled') });
    await on.in[region].scheduleKeyDeletion({ KeyId });
    await expect(update()).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: message(region === home ? 'pending replica deletion' : 'pending deletion'),
    });
  });

  it('a replica that is not ready', async () => {
    await on.kms.replicateKey({ KeyId, ReplicaRegion: third });
    await expect(update(third)).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arnIn(third, KeyId)} is creating.`,
    });
  });

  it('an alias, and what is no Region', async () => {
    await on.kms.createAlias({ AliasName: 'alias/primary', TargetKeyId: KeyId });
    await expect(update(away, 'alias/primary')).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(update('nowhere')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
