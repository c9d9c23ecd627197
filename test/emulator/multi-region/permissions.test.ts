import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { synchronisingRole } from '../../../src/emulator/authz/actions.js';
import type { Identity } from '../../../src/emulator/authz/identities.js';
import { arnIn, away, type Family, family, home, third } from './family.js';

const allow = (Action: string | string[], Resource = '*') => ({ Effect: 'Allow', Action, Resource });
const identity = (name: string, ...Statement: object[]): Identity => ({
  accessKeyId: name.toUpperCase(),
  secretAccessKey: name,
  arn: `arn:aws:iam::111122223333:user/${name}`,
  policies: [{ Version: '2012-10-17', Statement }],
});

const identities = [
  identity('creator', allow(['kms:CreateKey', 'kms:TagResource'])),
  identity('primary', allow(['kms:CreateKey', 'iam:CreateServiceLinkedRole'])),
  identity('replicator', allow('kms:ReplicateKey')),
  identity('untagger', allow(['kms:ReplicateKey', 'kms:CreateKey'])),
  identity('all', allow(['kms:ReplicateKey', 'kms:CreateKey', 'kms:TagResource'])),
  identity('homebound', allow('kms:UpdatePrimaryRegion', `arn:aws:kms:${home}:*:key/*`)),
  identity('promoter', allow('kms:UpdatePrimaryRegion')),
];
let on: Family;
let KeyId: string;
beforeAll(async () => {
  on = await family({ identities });
  KeyId = await on.primary();
  await on.replica(KeyId);
});
afterAll(() => on.close());

const as = (name: string) => on.as({ accessKeyId: name.toUpperCase(), secretAccessKey: name });
const denied = (action: string, resource: string) => ({
  name: 'AccessDeniedException',
  message: expect.stringContaining(`is not authorized to perform: ${action} on resource: ${resource} `),
});
const Tags = [{ TagKey: 'a', TagValue: '1' }];

describe('CreateKey of a multi-Region primary needs', () => {
  const role = `arn:aws:iam::111122223333:role/${synchronisingRole}`;

  it('iam:CreateServiceLinkedRole, for the role by which KMS synchronises the set', async () => {
    const refused = as('creator').createKey({ MultiRegion: true });
    await expect(refused).rejects.toMatchObject(denied('iam:CreateServiceLinkedRole', role));
    await as('primary').createKey({ MultiRegion: true });
  });

  it('which a key of one Region does not', async () => {
    await as('creator').createKey({});
    await as('creator').createKey({ MultiRegion: false });
  });
});

describe('ReplicateKey needs', () => {
  const replicate = (name: string, more = {}) => as(name).replicateKey({ KeyId, ReplicaRegion: third, ...more });

  it('kms:ReplicateKey on the primary', async () => {
    await expect(replicate('creator')).rejects.toMatchObject(denied('kms:ReplicateKey', arnIn(home, KeyId)));
  });

  it('kms:CreateKey', async () => {
    await expect(replicate('replicator')).rejects.toMatchObject(denied('kms:CreateKey', '*'));
  });

  it('kms:TagResource, with tags alone', async () => {
    await expect(replicate('untagger', { Tags })).rejects.toMatchObject(denied('kms:TagResource', '*'));
    expect(await on.look(on.in[third], KeyId)).toBeUndefined();
    await replicate('all', { Tags });
    const other = await on.primary();
    await as('untagger').replicateKey({ KeyId: other, ReplicaRegion: third });
  });
});

describe('UpdatePrimaryRegion needs kms:UpdatePrimaryRegion', () => {
  const promote = (name: string) => as(name).updatePrimaryRegion({ KeyId, PrimaryRegion: away });

  it('on the primary', async () => {
    await expect(promote('creator')).rejects.toMatchObject(denied('kms:UpdatePrimaryRegion', arnIn(home, KeyId)));
  });

  it('and on the replica', async () => {
    await expect(promote('homebound')).rejects.toMatchObject(denied('kms:UpdatePrimaryRegion', arnIn(away, KeyId)));
    expect((await on.look(on.kms, KeyId))?.KeyState).toBe('Enabled');
    await promote('promoter');
  });
});
