import type { KMS } from '@aws-sdk/client-kms';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
let KeyId: string;
const GranteePrincipal = 'arn:aws:iam::111122223333:user/grantee';
/** How many there are of everything. */
const count = 12;
beforeAll(async () => {
  on = await kmsUnderTest({ now: () => Date.UTC(2026, 0, 1) });
  KeyId = await on.key();
  for (let n = 1; n < count; n++) await on.key();
  for (let n = 0; n < count; n++) {
    await on.kms.createAlias({ AliasName: `alias/${n}`, TargetKeyId: KeyId });
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: `k${n}`, TagValue: '' }] });
    const RetiringPrincipal = GranteePrincipal;
    await on.kms.createGrant({ KeyId, GranteePrincipal, RetiringPrincipal, Operations: ['Decrypt'] });
    await on.kms.rotateKeyOnDemand({ KeyId });
    on.emulator.advance(2000);
  }
});
afterAll(() => on.close());

interface Reply {
  Truncated?: boolean | undefined;
  NextMarker?: string | undefined;
}
type Page = { Limit: number; Marker?: string | undefined };
type Listing = (kms: KMS, page: Page) => Promise<Reply & { names: (string | undefined)[] }>;

const listings: [string, Listing][] = [
  [
    'keys',
    async (kms, page) => {
      const { Keys = [], ...reply } = await kms.listKeys(page);
      return { ...reply, names: Keys.map(({ KeyId: id }) => id) };
    },
  ],
  [
    'aliases',
    async (kms, page) => {
      const { Aliases = [], ...reply } = await kms.listAliases(page);
      return { ...reply, names: Aliases.map(({ AliasName }) => AliasName) };
    },
  ],
  [
    'aliases of a key',
    async (kms, page) => {
      const { Aliases = [], ...reply } = await kms.listAliases({ KeyId, ...page });
      return { ...reply, names: Aliases.map(({ AliasName }) => AliasName) };
    },
  ],
  [
    'tags',
    async (kms, page) => {
      const { Tags = [], ...reply } = await kms.listResourceTags({ KeyId, ...page });
      return { ...reply, names: Tags.map(({ TagKey }) => TagKey) };
    },
  ],
  [
    'grants',
    async (kms, page) => {
      const { Grants = [], ...reply } = await kms.listGrants({ KeyId, ...page });
      return { ...reply, names: Grants.map(({ GrantId }) => GrantId) };
    },
  ],
  [
    'retirable grants',
    async (kms, page) => {
      const { Grants = [], ...reply } = await kms.listRetirableGrants({ RetiringPrincipal: GranteePrincipal, ...page });
      return { ...reply, names: Grants.map(({ GrantId }) => GrantId) };
    },
  ],
  [
    'rotations',
    async (kms, page) => {
      const { Rotations = [], ...reply } = await kms.listKeyRotations({ KeyId, ...page });
      return { ...reply, names: Rotations.map(({ KeyMaterialId }) => KeyMaterialId) };
    },
  ],
];

describe('A listing in pages', () => {
  it.each(listings)('has each of the %s once, whatever the sizes of the pages', async (_what, list) => {
    const { names: all, Truncated } = await list(on.kms, { Limit: 50 });
    expect(Truncated).toBe(false);
    expect(new Set(all).size).toBe(count);
    const sizes = fc.array(fc.integer({ min: 1, max: count + 1 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(sizes, async (limits) => {
        const found: (string | undefined)[] = [];
        let Marker: string | undefined;
        for (let n = 0; n === 0 || Marker !== undefined; n++) {
          const Limit = limits[n % limits.length] as number;
          const reply = await list(on.kms, { Limit, Marker });
          expect(reply.names.length).toBeGreaterThan(0);
          expect(reply.names.length).toBeLessThanOrEqual(Limit);
          expect(reply.Truncated).toBe(reply.NextMarker !== undefined);
          found.push(...reply.names);
          Marker = reply.NextMarker;
        }
        expect(found).toEqual(all);
      }),
      { numRuns: 15 },
    );
  });
});
