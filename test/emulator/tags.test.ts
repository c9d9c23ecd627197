import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
let KeyId: string;
beforeEach(async () => {
  on = await kmsUnderTest();
  const { KeyMetadata } = await on.kms.createKey({ Tags: [{ TagKey: 'b', TagValue: '1' }] });
  KeyId = KeyMetadata?.KeyId as string;
});
afterEach(() => on.close());

const tags = async () => {
  const { Tags = [] } = await on.kms.listResourceTags({ KeyId });
  return Object.fromEntries(Tags.map(({ TagKey, TagValue }) => [TagKey, TagValue]));
};

describe('Tags', () => {
  it('are there from CreateKey on', async () => {
    expect(await tags()).toEqual({ b: '1' });
  });

  it('are added, replaced and removed; removing an absent one is silent', async () => {
    const Tags = [
      { TagKey: 'b', TagValue: '2' },
      { TagKey: 'a', TagValue: '' },
    ];
    await on.kms.tagResource({ KeyId, Tags });
    expect(await tags()).toEqual({ a: '', b: '2' });
    await on.kms.untagResource({ KeyId, TagKeys: ['b', 'never'] });
    expect(await tags()).toEqual({ a: '' });
  });

  it('are listed in pages', async () => {
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: '1' }] });
    const first = await on.kms.listResourceTags({ KeyId, Limit: 1 });
    expect(first).toMatchObject({ Truncated: true, Tags: [{ TagKey: 'a' }] });
    const second = await on.kms.listResourceTags({ KeyId, Limit: 1, Marker: first.NextMarker as string });
    expect(second).toMatchObject({ Truncated: false, Tags: [{ TagKey: 'b' }] });
  });

  it('refuses names that AWS keeps, and the same name twice', async () => {
    const twice = [
      { TagKey: 'x', TagValue: '1' },
      { TagKey: 'x', TagValue: '2' },
    ];
    for (const Tags of [[{ TagKey: 'aws:x', TagValue: '' }], twice]) {
      await expect(on.kms.tagResource({ KeyId, Tags })).rejects.toMatchObject({ name: 'TagException' });
    }
  });
});
