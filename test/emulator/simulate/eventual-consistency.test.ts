import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const hi = Buffer.from('hi');
const notFound = { name: 'NotFoundException' };

let on: KmsUnderTest;
let now: number;
let KeyId: string;
beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  on = await kmsUnderTest({ now: () => now });
  KeyId = await on.key();
  on.emulator.eventualConsistency(1000);
});
afterEach(() => on.close());
const later = () => {
  now += 1000;
};

describe('Under eventual consistency a change is acknowledged, and seen by other calls a while later', () => {
  it('a new key', async () => {
    const id = await on.key();
    await expect(on.kms.describeKey({ KeyId: id })).rejects.toMatchObject(notFound);
    await expect(on.kms.encrypt({ KeyId: id, Plaintext: hi })).rejects.toMatchObject(notFound);
    await expect(on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id })).rejects.toMatchObject(notFound);
    expect((await on.kms.listKeys({})).Keys).toHaveLength(1);
    later();
    expect((await on.kms.describeKey({ KeyId: id })).KeyMetadata?.KeyState).toBe('Enabled');
    expect((await on.kms.listKeys({})).Keys).toHaveLength(2);
  });

  it('a new alias, and one that goes', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    await expect(on.kms.describeKey({ KeyId: 'alias/a' })).rejects.toMatchObject(notFound);
    expect((await on.kms.listAliases({ KeyId })).Aliases).toEqual([]);
    later();
    await on.kms.deleteAlias({ AliasName: 'alias/a' });
    expect((await on.kms.listAliases({ KeyId })).Aliases).toHaveLength(1);
    await on.kms.describeKey({ KeyId: 'alias/a' });
    later();
    await expect(on.kms.describeKey({ KeyId: 'alias/a' })).rejects.toMatchObject(notFound);
  });

  it('an alias that is pointed elsewhere', async () => {
    on.emulator.eventualConsistency(0);
    const other = await on.key();
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    on.emulator.eventualConsistency(1000);
    await on.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: other });
    const target = async () => (await on.kms.describeKey({ KeyId: 'alias/a' })).KeyMetadata?.KeyId;
    expect(await target()).toBe(KeyId);
    later();
    expect(await target()).toBe(other);
  });

  it('a state', async () => {
    await on.kms.disableKey({ KeyId });
    await on.kms.encrypt({ KeyId, Plaintext: hi });
    later();
    await expect(on.kms.encrypt({ KeyId, Plaintext: hi })).rejects.toMatchObject({ name: 'DisabledException' });
  });

  it('tags; and none is lost when the next change comes before the first is seen', async () => {
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] });
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: 'b', TagValue: '2' }] });
    const tags = async () => (await on.kms.listResourceTags({ KeyId })).Tags?.map(({ TagKey }) => TagKey);
    expect(await tags()).toEqual([]);
    later();
    expect(await tags()).toEqual(['a', 'b']);
  });

  it('changes that follow one another, one after the other', async () => {
    const description = async () => (await on.kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
    await on.kms.disableKey({ KeyId });
    now += 400;
    await on.kms.enableKey({ KeyId });
    now += 400;
    expect(await description()).toBe('Enabled');
    now += 200;
    expect(await description()).toBe('Disabled');
    now += 400;
    expect(await description()).toBe('Enabled');
  });

  it('pages of a listing in which keys come to light in between are full and in order', async () => {
    on.emulator.eventualConsistency(0);
    for (let n = 0; n < 5; n++) await on.key();
    on.emulator.eventualConsistency(1000);
    const seen = (await on.kms.listKeys({})).Keys?.map((key) => key.KeyId);
    for (let n = 0; n < 5; n++) await on.key();
    const first = await on.kms.listKeys({ Limit: 4 });
    const second = await on.kms.listKeys({ Limit: 4, Marker: first.NextMarker as string });
    expect([...(first.Keys ?? []), ...(second.Keys ?? [])].map((key) => key.KeyId)).toEqual(seen);
    expect(second.Truncated).toBe(false);
  });

  it('the world’s clock brings it to light too', async () => {
    const id = await on.key();
    on.emulator.advance(1000);
    await on.kms.describeKey({ KeyId: id });
  });

  it('a change that was taken back was never there', async () => {
    await expect(on.kms.createKey({ Policy: '{' })).rejects.toMatchObject({ name: 'MalformedPolicyDocumentException' });
    later();
    expect((await on.kms.listKeys({})).Keys).toHaveLength(1);
  });
});
