import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
let id: string;
beforeEach(async () => {
  on = await kmsUnderTest();
  id = await on.key();
});
afterEach(() => on.close());

const arn = (name: string) => `arn:aws:kms:us-east-1:111122223333:${name}`;

describe('CreateAlias', () => {
  it('names a key', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a/b_c-1', TargetKeyId: id });
    const { Aliases } = await on.kms.listAliases({ KeyId: id });
    expect(Aliases).toEqual([
      {
        AliasName: 'alias/a/b_c-1',
        AliasArn: arn('alias/a/b_c-1'),
        TargetKeyId: id,
        CreationDate: expect.any(Date),
        LastUpdatedDate: expect.any(Date),
      },
    ]);
  });

  it('refuses a name that is taken', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id });
    await expect(on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id })).rejects.toMatchObject({
      name: 'AlreadyExistsException',
      message: `An alias with the name ${arn('alias/a')} already exists`,
    });
  });

  it.each([
    ['no-prefix', 'ValidationException'],
    ['alias/', 'ValidationException'],
    ['alias/aws/s3', 'NotAuthorizedException'],
    ['alias/a:b', 'InvalidAliasNameException'],
    ['alias/ä', 'ValidationException'],
    [`alias/${'a'.repeat(251)}`, 'ValidationException'],
  ])('refuses %s', async (AliasName, name) => {
    await expect(on.kms.createAlias({ AliasName, TargetKeyId: id })).rejects.toMatchObject({ name });
  });

  it('refuses an alias as its target, and a key that is not there', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id });
    const refused = { name: 'ValidationException', message: 'TargetKeyId must be a key ID or key ARN, not an alias' };
    for (const TargetKeyId of ['alias/a', arn('alias/a')]) {
      await expect(on.kms.createAlias({ AliasName: 'alias/b', TargetKeyId })).rejects.toMatchObject(refused);
      await expect(on.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId })).rejects.toMatchObject(refused);
    }
    const TargetKeyId = '00000000-0000-4000-8000-000000000000';
    const absent = on.kms.createAlias({ AliasName: 'alias/b', TargetKeyId });
    await expect(absent).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('gives a key 50 aliases and no more', async () => {
    for (let n = 0; n < 50; n++) await on.kms.createAlias({ AliasName: `alias/${n}`, TargetKeyId: id });
    await expect(on.kms.createAlias({ AliasName: 'alias/50', TargetKeyId: id })).rejects.toMatchObject({
      name: 'LimitExceededException',
    });
  });
});

describe('UpdateAlias', () => {
  it('moves to another key and leaves the first', async () => {
    const other = await on.key();
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id });
    await on.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: other });
    expect((await on.kms.describeKey({ KeyId: 'alias/a' })).KeyMetadata?.KeyId).toBe(other);
    expect((await on.kms.listAliases({ KeyId: id })).Aliases).toEqual([]);
    expect((await on.kms.listAliases({ KeyId: other })).Aliases).toHaveLength(1);
  });

  it('refuses an alias that is not there', async () => {
    await expect(on.kms.updateAlias({ AliasName: 'alias/a', TargetKeyId: id })).rejects.toMatchObject({
      name: 'NotFoundException',
      message: `Alias ${arn('alias/a')} is not found.`,
    });
  });
});

describe('DeleteAlias', () => {
  it('takes the name and leaves the key, whatever its state', async () => {
    await on.kms.createAlias({ AliasName: 'alias/a', TargetKeyId: id });
    await on.kms.scheduleKeyDeletion({ KeyId: id });
    await on.kms.deleteAlias({ AliasName: 'alias/a' });
    expect((await on.kms.listAliases({})).Aliases).toEqual([]);
    expect((await on.kms.describeKey({ KeyId: id })).KeyMetadata?.KeyId).toBe(id);
    await expect(on.kms.deleteAlias({ AliasName: 'alias/a' })).rejects.toMatchObject({ name: 'NotFoundException' });
  });
});

describe('ListAliases', () => {
  it('gives each alias once, page by page', async () => {
    const names = ['alias/a', 'alias/a-b', 'alias/a/b', 'alias/aB', 'alias/a_b'];
    for (const AliasName of names) await on.kms.createAlias({ AliasName, TargetKeyId: id });
    const seen: (string | undefined)[] = [];
    let Marker: string | undefined;
    do {
      const page = await on.kms.listAliases({ Limit: 2, ...(Marker ? { Marker } : {}) });
      seen.push(...(page.Aliases ?? []).map(({ AliasName }) => AliasName));
      Marker = page.NextMarker;
    } while (Marker);
    expect(seen).toEqual([...names].sort());
  });

  it('refuses a page of more than 100, and a marker of another listing', async () => {
    await expect(on.kms.listAliases({ Limit: 101 })).rejects.toMatchObject({ name: 'ValidationException' });
    for (const AliasName of ['alias/a', 'alias/b']) await on.kms.createAlias({ AliasName, TargetKeyId: id });
    const { NextMarker = '' } = await on.kms.listAliases({ Limit: 1 });
    const mixed = on.kms.listAliases({ KeyId: id, Marker: NextMarker });
    await expect(mixed).rejects.toMatchObject({ name: 'InvalidMarkerException' });
  });
});
