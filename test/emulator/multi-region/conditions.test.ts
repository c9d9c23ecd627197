import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { away, type Family, family, home, third } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary();
});
afterEach(() => on.close());

describe('Under eventual consistency', () => {
  it('a replica comes to light late, is Creating and then Enabled', async () => {
    on.emulator.eventualConsistency(400);
    await on.kms.replicateKey({ KeyId, ReplicaRegion: away });
    expect(await on.look(on.in[away], KeyId)).toBeUndefined();
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toEqual([]);
    on.emulator.advance(400);
    expect((await on.look(on.in[away], KeyId))?.KeyState).toBe('Creating');
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toHaveLength(1);
    on.emulator.advance(600);
    await on.look(on.in[away], KeyId);
    on.emulator.advance(400);
    expect((await on.look(on.in[away], KeyId))?.KeyState).toBe('Enabled');
  });

  it('a promotion is seen late, and made once', async () => {
    await on.replica(KeyId);
    await on.look(on.kms, KeyId); // what is due happens when somebody comes by
    on.emulator.eventualConsistency(400);
    await on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: away });
    expect((await on.look(on.kms, KeyId))?.KeyState).toBe('Enabled');
    on.emulator.advance(1000);
    await on.look(on.kms, KeyId);
    on.emulator.advance(400);
    expect(await on.look(on.in[away], KeyId)).toMatchObject({
      KeyState: 'Enabled',
      MultiRegionConfiguration: { MultiRegionKeyType: 'PRIMARY' },
    });
  });
});

describe('In an outage', () => {
  it('of the primary’s Region the replica goes on, and nothing that needs the primary can be done', async () => {
    await on.replica(KeyId);
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext: hi });
    on.emulator.conditions.outage(home);
    const { Plaintext } = await on.in[away].decrypt({ CiphertextBlob });
    expect(Buffer.from(Plaintext as Uint8Array)).toEqual(hi);
    await expect(on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: away })).rejects.toMatchObject({
      name: 'ServiceUnavailable',
    });
    const unsupported = { name: 'UnsupportedOperationException' };
    await expect(on.in[away].updatePrimaryRegion({ KeyId, PrimaryRegion: away })).rejects.toMatchObject(unsupported);
    await expect(on.in[away].replicateKey({ KeyId, ReplicaRegion: third })).rejects.toMatchObject(unsupported);
  });

  it('of the other Region nothing can be made or promoted there', async () => {
    await on.replica(KeyId);
    on.emulator.conditions.outage(away);
    on.emulator.conditions.outage(third);
    const down = { name: 'ServiceUnavailable' };
    await expect(on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: away })).rejects.toMatchObject(down);
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: third })).rejects.toMatchObject(down);
  });
});

describe('Under quotas', () => {
  it('a replica counts in its own Region', async () => {
    on.emulator.conditions.quotas({ keys: 1 });
    const full = { name: 'LimitExceededException' };
    await on.kms.replicateKey({ KeyId, ReplicaRegion: away });
    await expect(on.as({ region: away }).createKey({})).rejects.toMatchObject(full);
    await on.as({ region: third }).createKey({});
    await expect(on.kms.replicateKey({ KeyId, ReplicaRegion: third })).rejects.toMatchObject(full);
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toHaveLength(1);
  });
});
