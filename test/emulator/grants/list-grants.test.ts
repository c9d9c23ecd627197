import type { ListGrantsRequest, ListGrantsResponse } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { arnOf, type Grants, grantee, grantsUnderTest, here, invalid, notFound, refused, there } from './people.js';

const made = Date.parse('2026-01-01T00:00:00Z');
let on: Grants;
let KeyId: string;
beforeAll(async () => {
  on = await grantsUnderTest({ now: () => made });
});
afterAll(() => on.close());
beforeEach(async () => {
  KeyId = await on.key();
});

/** The ids of all pages, in the order they came. */
async function all(list: (request: { Limit: number; Marker?: string }) => Promise<ListGrantsResponse>, Limit: number) {
  const ids: (string | undefined)[] = [];
  let page = await list({ Limit });
  for (;;) {
    expect(page.Grants?.length).toBeLessThanOrEqual(Limit);
    ids.push(...(page.Grants ?? []).map(({ GrantId }) => GrantId));
    expect(page.Truncated).toBe(page.NextMarker !== undefined);
    if (page.NextMarker === undefined) return ids;
    page = await list({ Limit, Marker: page.NextMarker });
  }
}

describe('ListGrants', () => {
  it('shows each member that was given, and no token', async () => {
    const Constraints = { EncryptionContextSubset: { Department: 'IT' } };
    const more = { Name: 'g', RetiringPrincipal: grantee('retirer'), Constraints };
    const { GrantId } = await on.grant(KeyId, grantee('alice'), { ...more, Operations: ['Encrypt', 'Decrypt'] });
    const { Grants, Truncated } = await on.kms.listGrants({ KeyId });
    expect(Truncated).toBe(false);
    expect(Grants).toEqual([
      {
        KeyId: arnOf(KeyId),
        GrantId,
        Name: 'g',
        CreationDate: new Date(made),
        GranteePrincipal: grantee('alice'),
        RetiringPrincipal: grantee('retirer'),
        IssuingAccount: `arn:aws:iam::${here}:root`,
        Operations: ['Encrypt', 'Decrypt'],
        Constraints,
      },
    ]);
  });

  it('shows an empty name where none was given, and nothing else that was not', async () => {
    await on.grant(KeyId, grantee('alice'));
    const [entry] = (await on.kms.listGrants({ KeyId })).Grants ?? [];
    expect(entry?.Name).toBe('');
    for (const member of ['RetiringPrincipal', 'Constraints', 'GranteeServicePrincipal', 'GrantToken']) {
      expect(entry).not.toHaveProperty(member);
    }
  });

  it('filters by grant and by grantee', async () => {
    const one = await on.grant(KeyId, grantee('alice'));
    const two = await on.grant(KeyId, grantee('bob'));
    await on.grant(KeyId, `arn:aws:iam::${here}:role/path/Worker`);
    const ids = async (filter: object) =>
      ((await on.kms.listGrants({ KeyId, ...filter })).Grants ?? []).map(({ GrantId }) => GrantId);
    expect(await ids({ GrantId: one.GrantId })).toEqual([one.GrantId]);
    expect(await ids({ GranteePrincipal: grantee('bob') })).toEqual([two.GrantId]);
    expect(await ids({ GranteePrincipal: `arn:aws:iam::${here}:role/path/Worker` })).toHaveLength(1);
    expect(await ids({ GranteePrincipal: `arn:aws:iam::${here}:role/Worker` })).toEqual([]);
    expect(await ids({ GranteePrincipal: grantee('bob'), GrantId: one.GrantId })).toEqual([]);
    expect(await ids({ GrantId: 'ab'.repeat(32) })).toEqual([]);
  });

  it('refuses filters that are none, other listings’ markers, and pages that are too long', async () => {
    const list = (more: Partial<ListGrantsRequest>) => on.kms.listGrants({ KeyId, ...more });
    await expect(list({ GrantId: 'mine' })).rejects.toMatchObject({ name: 'InvalidGrantIdException' });
    await expect(list({ GranteePrincipal: 'alice' })).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(list({ GranteeServicePrincipal: 'sns.amazonaws.com' })).rejects.toMatchObject(invalid);
    await expect(list({ Limit: 101 })).rejects.toMatchObject(invalid);
    await expect(list({ Marker: 'x' })).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    await expect(list({ KeyId: '00000000-0000-4000-8000-000000000000' })).rejects.toMatchObject(notFound);
    await on.grant(KeyId, grantee('alice'));
    await on.grant(KeyId, grantee('alice'));
    const { NextMarker } = await list({ Limit: 1 });
    const other = list({ Marker: NextMarker, GranteePrincipal: grantee('alice') });
    await expect(other).rejects.toMatchObject({ name: 'InvalidMarkerException' });
  });

  it('needs kms:ListGrants, which no grant gives', async () => {
    await on.grant(KeyId, grantee('alice'), { Operations: ['CreateGrant', 'RetireGrant', 'DescribeKey'] });
    await expect(on.who('alice').listGrants({ KeyId })).rejects.toMatchObject(refused);
  });

  it('gives 50 a page unless told otherwise', async () => {
    await Promise.all(Array.from({ length: 51 }, () => on.grant(KeyId, grantee('alice'))));
    expect((await on.kms.listGrants({ KeyId })).Grants).toHaveLength(50);
    expect((await on.kms.listGrants({ KeyId, Limit: 100 })).Grants).toHaveLength(51);
  });

  it('gives each grant once, whatever the size of the page and the filter', async () => {
    const to = async (who: 'alice' | 'bob', count: number) => {
      const grants = await Promise.all(Array.from({ length: count }, () => on.grant(KeyId, grantee(who))));
      return grants.map(({ GrantId }) => GrantId);
    };
    const alices = await to('alice', 23);
    const bobs = await to('bob', 17);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 60 }), fc.boolean(), async (limit, filtered) => {
        const filter = filtered ? { GranteePrincipal: grantee('bob') } : {};
        const ids = await all((page) => on.kms.listGrants({ KeyId, ...filter, ...page }), limit);
        expect(ids).toEqual([...(filtered ? bobs : [...alices, ...bobs])].sort());
      }),
      { numRuns: 20 },
    );
  });
});

describe('ListRetirableGrants', () => {
  const retirer = grantee('retirer');
  const list = (more: object = {}) => on.who('retirer').listRetirableGrants({ RetiringPrincipal: retirer, ...more });

  it('gives a principal’s grants on all keys, of other accounts too, each once', async () => {
    const collector = `arn:aws:iam::${here}:user/collector`;
    const list = (more: object = {}) => on.kms.listRetirableGrants({ RetiringPrincipal: collector, ...more });
    const foreign = (await on.who('foreigner').createKey({})).KeyMetadata?.Arn as string;
    const request = {
      GranteePrincipal: grantee('alice'),
      RetiringPrincipal: collector,
      Operations: ['Encrypt' as const],
    };
    const { GrantId: abroad } = await on.who('foreigner').createGrant({ KeyId: foreign, ...request });
    const keys = [KeyId, await on.key(), KeyId, KeyId];
    const home = await Promise.all(
      keys.map((key) => on.grant(key, grantee('alice'), { RetiringPrincipal: collector })),
    );
    await on.grant(KeyId, grantee('alice'), { RetiringPrincipal: grantee('bob') });
    await on.grant(KeyId, collector);
    const wanted = [abroad, ...home.map(({ GrantId }) => GrantId)];
    const ids = await all((page) => list(page), 2);
    expect(new Set(ids)).toEqual(new Set(wanted));
    expect(ids).toHaveLength(wanted.length);
    const { Grants = [] } = await list();
    expect(Grants.find(({ GrantId }) => GrantId === abroad)).toMatchObject({
      KeyId: foreign,
      IssuingAccount: `arn:aws:iam::${there}:root`,
      RetiringPrincipal: collector,
    });
  });

  it('knows a role by its ARN with its path', async () => {
    const role = `arn:aws:iam::${here}:role/path/Retirer`;
    await on.grant(KeyId, grantee('alice'), { RetiringPrincipal: role });
    const count = async (RetiringPrincipal: string) =>
      (await on.kms.listRetirableGrants({ RetiringPrincipal })).Grants?.length;
    expect(await count(role)).toBe(1);
    expect(await count(`arn:aws:iam::${here}:role/Retirer`)).toBe(0);
  });

  it('needs kms:ListRetirableGrants on the retiring principal, one of the caller’s account', async () => {
    await expect(on.who('alice').listRetirableGrants({ RetiringPrincipal: retirer })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`kms:ListRetirableGrants on resource: ${retirer}`),
    });
    await expect(list({ RetiringPrincipal: grantee('stranger') })).rejects.toMatchObject(refused);
  });

  it('refuses principals that are none, services, and foreign markers', async () => {
    await expect(list({ RetiringPrincipal: 'alice' })).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(list({ RetiringPrincipal: undefined })).rejects.toMatchObject(invalid);
    await expect(list({ RetiringServicePrincipal: 'sns.amazonaws.com' })).rejects.toMatchObject(invalid);
    await expect(list({ Marker: 'x' })).rejects.toMatchObject({ name: 'InvalidMarkerException' });
    await expect(list({ Limit: 101 })).rejects.toMatchObject(invalid);
  });
});
