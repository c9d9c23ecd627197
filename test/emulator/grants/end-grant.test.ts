import type { CreateGrantRequest } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  arnOf,
  type Grants,
  grantee,
  grantsUnderTest,
  here,
  hi,
  invalid,
  notFound,
  refused,
  there,
  type Who,
} from './people.js';

let on: Grants;
let KeyId: string;
beforeAll(async () => {
  on = await grantsUnderTest();
});
afterAll(() => on.close());
beforeEach(async () => {
  KeyId = await on.key();
});

const dry = { name: 'DryRunOperationException' };
const unknown = 'ab'.repeat(32);
const count = async () => (await on.kms.listGrants({ KeyId })).Grants?.length;
const encrypt = (who: Who) => on.who(who).encrypt({ KeyId, Plaintext: hi });

describe('RevokeGrant', () => {
  it('takes the permission away, for who may kms:RevokeGrant', async () => {
    const { GrantId } = await on.grant(KeyId, grantee('alice'), { RetiringPrincipal: grantee('alice') });
    await expect(on.who('alice').revokeGrant({ KeyId, GrantId })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining('kms:RevokeGrant'),
    });
    await encrypt('alice');
    await on.kms.revokeGrant({ KeyId: arnOf(KeyId), GrantId });
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
    expect(await count()).toBe(0);
  });

  it('leaves other grants alone', async () => {
    const one = await on.grant(KeyId, grantee('alice'));
    await on.grant(KeyId, grantee('alice'));
    await on.kms.revokeGrant({ KeyId, GrantId: one.GrantId });
    await encrypt('alice');
  });

  it('does not know a grant that is gone, of another key, or none', async () => {
    const { GrantId } = await on.grant(KeyId, grantee('alice'));
    const other = await on.key();
    await expect(on.kms.revokeGrant({ KeyId: other, GrantId })).rejects.toMatchObject(notFound);
    await on.kms.revokeGrant({ KeyId, GrantId });
    await expect(on.kms.revokeGrant({ KeyId, GrantId })).rejects.toMatchObject(notFound);
    const none = { name: 'InvalidGrantIdException' };
    await expect(on.kms.revokeGrant({ KeyId, GrantId: 'mine' })).rejects.toMatchObject(none);
  });

  it('with DryRun changes nothing', async () => {
    const { GrantId } = await on.grant(KeyId, grantee('alice'));
    await expect(on.kms.revokeGrant({ KeyId, GrantId, DryRun: true })).rejects.toMatchObject(dry);
    expect(await count()).toBe(1);
  });

  it('works whatever the key’s state', async () => {
    const [one, two] = [await on.grant(KeyId, grantee('alice')), await on.grant(KeyId, grantee('alice'))];
    await on.kms.disableKey({ KeyId });
    await on.kms.revokeGrant({ KeyId, GrantId: one.GrantId });
    await on.kms.scheduleKeyDeletion({ KeyId });
    await on.kms.revokeGrant({ KeyId, GrantId: two.GrantId });
    expect(await count()).toBe(0);
  });
});

describe('RetireGrant', () => {
  const root = (account: string) => `arn:aws:iam::${account}:root`;
  const worker = `arn:aws:iam::${here}:role/path/Worker`;
  const retire: CreateGrantRequest['Operations'] = ['Encrypt', 'RetireGrant'];

  /** Who may retire a grant to alice unless it says otherwise; nobody in the table but `retirer` has kms:RetireGrant. */
  const matrix: [string, Partial<CreateGrantRequest>, Who, boolean][] = [
    ['its retiring principal', { RetiringPrincipal: grantee('bob') }, 'bob', true],
    ['its retiring principal of another account', { RetiringPrincipal: grantee('stranger') }, 'stranger', true],
    ['a session of its retiring role', { RetiringPrincipal: worker }, 'sessionOne', true],
    ['its retiring session', { RetiringPrincipal: grantee('sessionOne') }, 'sessionOne', true],
    ['another session than its retiring one', { RetiringPrincipal: grantee('sessionOne') }, 'sessionTwo', false],
    ['its grantee with RetireGrant', { Operations: retire }, 'alice', true],
    ['its grantee without', {}, 'alice', false],
    ['somebody else', { RetiringPrincipal: grantee('alice'), Operations: retire }, 'bob', false],
    ['whom the key’s account allows kms:RetireGrant', {}, 'retirer', true],
    ['the root user of a retiring account', { RetiringPrincipal: root(here) }, 'root', true],
    ['whom another account allows it', {}, 'foreigner', false],
    ['whom a retiring account allows it', { RetiringPrincipal: root(there) }, 'foreigner', true],
    ['whom a retiring account allows nothing', { RetiringPrincipal: root(there) }, 'stranger', false],
    ['whom IAM denies it', { RetiringPrincipal: grantee('denied') }, 'denied', false],
  ];

  it.each(matrix)('is for: %s', async (_who, more, who, allowed) => {
    const { GrantId } = await on.grant(KeyId, grantee('alice'), more);
    const answer = on.who(who).retireGrant({ KeyId: arnOf(KeyId), GrantId });
    if (allowed) await answer;
    else
      await expect(answer).rejects.toMatchObject({ ...refused, message: expect.stringContaining('kms:RetireGrant') });
    expect(await count()).toBe(allowed ? 0 : 1);
  });

  it('is not given by kms:RetireGrant in a key policy', async () => {
    const statement = (AWS: string, Action: string) => ({ Effect: 'Allow', Principal: { AWS }, Action, Resource: '*' });
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [statement(root(here), 'kms:*'), statement(grantee('bob'), 'kms:*')],
    });
    KeyId = (await on.kms.createKey({ Policy })).KeyMetadata?.KeyId as string;
    const { GrantId } = await on.grant(KeyId, grantee('alice'));
    await encrypt('bob');
    await expect(on.who('bob').retireGrant({ KeyId, GrantId })).rejects.toMatchObject(refused);
  });

  it('is for the account that created a grant on another’s key, as its identity policies allow', async () => {
    const statement = { Effect: 'Allow', Action: 'kms:*', Resource: '*' };
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [here, there].map((account) => ({ ...statement, Principal: { AWS: root(account) } })),
    });
    KeyId = (await on.kms.createKey({ Policy })).KeyMetadata?.KeyId as string;
    const request = { KeyId: arnOf(KeyId), GranteePrincipal: grantee('alice'), Operations: ['Encrypt' as const] };
    const { GrantToken } = await on.who('foreigner').createGrant(request);
    await expect(on.who('stranger').retireGrant({ GrantToken })).rejects.toMatchObject(refused);
    await on.who('foreigner').retireGrant({ GrantToken });
    expect(await count()).toBe(0);
  });

  it('takes any of the grant’s tokens in place of key and id', async () => {
    const one = await on.grant(KeyId, grantee('alice'), { Name: 'g', RetiringPrincipal: grantee('bob') });
    const two = await on.grant(KeyId, grantee('alice'), { Name: 'g', RetiringPrincipal: grantee('bob') });
    expect(two.GrantId).toBe(one.GrantId);
    await on.who('bob').retireGrant({ GrantToken: one.GrantToken });
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
    await expect(on.who('bob').retireGrant({ GrantToken: two.GrantToken })).rejects.toMatchObject(notFound);
  });

  it('refuses a token from somebody who may not retire', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    await expect(on.who('alice').retireGrant({ GrantToken })).rejects.toMatchObject({
      ...refused,
      message: expect.stringContaining(`kms:RetireGrant on resource: ${arnOf(KeyId)}`),
    });
  });

  it('needs a token, or key and id, and not both', async () => {
    const { GrantId, GrantToken } = await on.grant(KeyId, grantee('alice'));
    for (const request of [{}, { KeyId }, { GrantId }, { KeyId, GrantId, GrantToken }]) {
      await expect(on.kms.retireGrant(request)).rejects.toMatchObject(invalid);
    }
  });

  it('does not know a grant that is none', async () => {
    await expect(on.kms.retireGrant({ KeyId, GrantId: unknown })).rejects.toMatchObject(notFound);
    const none = { name: 'InvalidGrantIdException' };
    await expect(on.kms.retireGrant({ KeyId, GrantId: 'mine' })).rejects.toMatchObject(none);
    const nowhere = { KeyId: arnOf('00000000-0000-4000-8000-000000000000'), GrantId: unknown };
    await expect(on.kms.retireGrant(nowhere)).rejects.toMatchObject(notFound);
    const badToken = { name: 'InvalidGrantTokenException' };
    await expect(on.kms.retireGrant({ GrantToken: 'mine' })).rejects.toMatchObject(badToken);
  });

  it('with DryRun changes nothing, and tells who may not', async () => {
    const { GrantId, GrantToken } = await on.grant(KeyId, grantee('alice'));
    await expect(on.kms.retireGrant({ KeyId, GrantId, DryRun: true })).rejects.toMatchObject(dry);
    await expect(on.kms.retireGrant({ GrantToken, DryRun: true })).rejects.toMatchObject(dry);
    await expect(on.who('alice').retireGrant({ GrantToken, DryRun: true })).rejects.toMatchObject(refused);
    expect(await count()).toBe(1);
  });

  it('works whatever the key’s state', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    await on.kms.scheduleKeyDeletion({ KeyId });
    await on.kms.retireGrant({ GrantToken });
    expect(await count()).toBe(0);
  });
});

describe('The end of a key', () => {
  it('is the end of its grants', async () => {
    const world = await grantsUnderTest();
    const id = await world.key();
    const more = { RetiringPrincipal: grantee('retirer'), Name: 'g' };
    const { GrantToken } = await world.grant(id, grantee('alice'), more);
    await world.kms.scheduleKeyDeletion({ KeyId: id, PendingWindowInDays: 7 });
    world.emulator.advance(8 * 24 * 60 * 60 * 1000);
    await expect(world.kms.retireGrant({ GrantToken })).rejects.toMatchObject(notFound);
    const { Grants } = await world.kms.listRetirableGrants({ RetiringPrincipal: grantee('retirer') });
    expect(Grants).toEqual([]);
    await world.close();
  });
});
