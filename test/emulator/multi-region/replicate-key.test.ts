import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { arnIn, away, day, type Family, family, home, second, start, third } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary({ Description: 'primary', Tags: [{ TagKey: 'a', TagValue: '1' }] });
});
afterEach(() => on.close());

const replicate = (input: Partial<Parameters<typeof on.kms.replicateKey>[0]> = {}) =>
  on.kms.replicateKey({ KeyId, ReplicaRegion: away, ...input });
const policyFor = (Principal: unknown) =>
  JSON.stringify({ Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] });

describe('ReplicateKey', () => {
  it('answers with the replica: the same id in another Region, being created', async () => {
    const { ReplicaKeyMetadata, ReplicaPolicy, ReplicaTags } = await replicate();
    const member = (Region: string) => ({ Arn: arnIn(Region, KeyId), Region });
    expect(ReplicaKeyMetadata).toMatchObject({
      ...{ KeyId, Arn: arnIn(away, KeyId), AWSAccountId: '111122223333', Description: '', Enabled: false },
      ...{ KeyState: 'Creating', CreationDate: new Date(start), MultiRegion: true, KeyManager: 'CUSTOMER' },
      MultiRegionConfiguration: {
        MultiRegionKeyType: 'REPLICA',
        PrimaryKey: member(home),
        ReplicaKeys: [member(away)],
      },
    });
    expect(ReplicaTags).toEqual([]);
    expect(JSON.parse(ReplicaPolicy as string).Statement).toMatchObject([
      { Effect: 'Allow', Principal: { AWS: 'arn:aws:iam::111122223333:root' }, Action: 'kms:*' },
    ]);
  });

  it('takes the primary’s ARN', async () => {
    const { ReplicaKeyMetadata } = await replicate({ KeyId: arnIn(home, KeyId) });
    expect(ReplicaKeyMetadata?.Arn).toBe(arnIn(away, KeyId));
  });

  it('gives the replica a description, policy and tags of its own', async () => {
    const Policy = policyFor({ AWS: 'arn:aws:iam::111122223333:root' });
    const Tags = [{ TagKey: 'b', TagValue: '2' }];
    const answer = await replicate({ Description: 'replica', Policy, Tags });
    expect(answer).toMatchObject({ ReplicaPolicy: Policy, ReplicaTags: Tags });
    expect((await on.look(on.in[away], KeyId))?.Description).toBe('replica');
    expect((await on.in[away].getKeyPolicy({ KeyId })).Policy).toBe(Policy);
    expect((await on.in[away].listResourceTags({ KeyId })).Tags).toEqual(Tags);
    expect((await on.look(on.kms, KeyId))?.Description).toBe('primary');
    expect((await on.kms.listResourceTags({ KeyId })).Tags).toEqual([{ TagKey: 'a', TagValue: '1' }]);
  });

  it('shares the spec, the usage, the origin and the material', async () => {
    const KeyId = await on.primary({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await on.replica(KeyId);
    const [primary, replica] = [await on.look(on.kms, KeyId), await on.look(on.in[away], KeyId)];
    for (const shared of ['KeySpec', 'KeyUsage', 'Origin', 'SigningAlgorithms'] as const) {
      expect(replica?.[shared], shared).toEqual(primary?.[shared]);
    }
    const [here, there] = [await on.kms.getPublicKey({ KeyId }), await on.in[away].getPublicKey({ KeyId })];
    expect(there.PublicKey).toEqual(here.PublicKey);
  });

  it('leaves the replica Creating for a second: it can be managed, not used; then it is Enabled', async () => {
    await replicate();
    const creating = { name: 'KMSInvalidStateException', message: `${arnIn(away, KeyId)} is creating.` };
    await expect(on.in[away].encrypt({ KeyId, Plaintext: hi })).rejects.toMatchObject(creating);
    await expect(on.in[away].disableKey({ KeyId })).rejects.toMatchObject(creating);
    await on.in[away].createAlias({ AliasName: 'alias/early', TargetKeyId: KeyId });
    await on.in[away].tagResource({ KeyId, Tags: [{ TagKey: 'early', TagValue: '' }] });
    on.emulator.advance(second - 1);
    expect((await on.look(on.in[away], KeyId))?.KeyState).toBe('Creating');
    on.emulator.advance(1);
    expect(await on.look(on.in[away], KeyId)).toMatchObject({ KeyState: 'Enabled', Enabled: true });
    await on.in[away].encrypt({ KeyId: 'alias/early', Plaintext: hi });
  });

  it('tells every key of the set about every other', async () => {
    await on.replica(KeyId);
    await on.replica(KeyId, { ReplicaRegion: third });
    for (const [region, type] of [
      [home, 'PRIMARY'],
      [away, 'REPLICA'],
      [third, 'REPLICA'],
    ] as const) {
      expect((await on.look(on.in[region], KeyId))?.MultiRegionConfiguration).toEqual({
        MultiRegionKeyType: type,
        PrimaryKey: { Arn: arnIn(home, KeyId), Region: home },
        ReplicaKeys: [away, third].map((Region) => ({ Arn: arnIn(Region, KeyId), Region })),
      });
    }
  });

  it('makes a key that dies while Creating, and is not revived by what was due', async () => {
    await replicate();
    await on.in[away].scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    on.emulator.advance(second);
    expect((await on.look(on.in[away], KeyId))?.KeyState).toBe('PendingDeletion');
    await on.in[away].cancelKeyDeletion({ KeyId });
    on.emulator.advance(second);
    expect((await on.look(on.in[away], KeyId))?.KeyState).toBe('Disabled');
  });

  it('is logged in the primary’s Region, and as CreateKey in the replica’s', async () => {
    await replicate({ Tags: [{ TagKey: 'b', TagValue: '2' }] });
    const [logged] = await on.events(home);
    expect(logged).toMatchObject({
      name: 'ReplicateKey',
      record: {
        awsRegion: home,
        requestParameters: { keyId: KeyId, replicaRegion: away },
        responseElements: { replicaKeyMetadata: { arn: arnIn(away, KeyId), keyState: 'Creating' } },
        resources: [{ ARN: arnIn(home, KeyId) }],
      },
    });
    expect(await on.events(away)).toMatchObject([
      {
        name: 'CreateKey',
        record: {
          awsRegion: away,
          requestParameters: { multiRegion: true, keySpec: 'SYMMETRIC_DEFAULT', tags: [{ tagKey: 'b' }] },
          responseElements: { keyMetadata: { arn: arnIn(away, KeyId) } },
          resources: [{ ARN: arnIn(away, KeyId) }],
          requestID: logged?.record.requestID,
        },
      },
    ]);
  });
});

describe('ReplicateKey refuses', () => {
  const unsupported = (message: unknown) => ({ name: 'UnsupportedOperationException', message });

  it('a single-Region key', async () => {
    const single = await on.key();
    const message = `${arnIn(home, single)} is not a multi-Region primary key.`;
    await expect(replicate({ KeyId: single })).rejects.toMatchObject(unsupported(message));
  });

  it('a replica', async () => {
    await on.replica(KeyId);
    const message = `${arnIn(away, KeyId)} is not a multi-Region primary key.`;
    const again = on.in[away].replicateKey({ KeyId, ReplicaRegion: third });
    await expect(again).rejects.toMatchObject(unsupported(message));
  });

  it.each([
    ['the primary’s own Region', home, /Region of the primary key/],
    ['a Region that AWS does not have', 'us-mars-1', /not supported/],
    ['a Region of another partition', 'cn-north-1', /partition/],
  ])('%s', async (_name, ReplicaRegion, message) => {
    await expect(replicate({ ReplicaRegion })).rejects.toMatchObject(unsupported(expect.stringMatching(message)));
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toEqual([]);
  });

  it('what is no Region', async () => {
    await expect(replicate({ ReplicaRegion: 'Oregon' })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("Value 'Oregon' at 'replicaRegion' failed to satisfy constraint"),
    });
  });

  it('a Region that has a replica, also one that is dying; once it is gone there may be another', async () => {
    const message = 'You can create only one replica of each primary key in each AWS Region.';
    const exists = { name: 'AlreadyExistsException', message };
    await on.replica(KeyId);
    await expect(replicate()).rejects.toMatchObject(exists);
    await on.in[away].scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    await expect(replicate()).rejects.toMatchObject(exists);
    on.emulator.advance(7 * day);
    expect((await replicate()).ReplicaKeyMetadata?.Arn).toBe(arnIn(away, KeyId));
  });

  it('a disabled key, and one that is dying', async () => {
    await on.kms.disableKey({ KeyId });
    await expect(replicate()).rejects.toMatchObject({
      name: 'DisabledException',
      message: `${arnIn(home, KeyId)} is disabled.`,
    });
    await on.kms.scheduleKeyDeletion({ KeyId });
    await expect(replicate()).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
      message: `${arnIn(home, KeyId)} is pending deletion.`,
    });
  });

  it('an alias, an ARN of another Region and a key that is not there', async () => {
    await on.kms.createAlias({ AliasName: 'alias/primary', TargetKeyId: KeyId });
    const notFound = { name: 'NotFoundException' };
    await expect(replicate({ KeyId: 'alias/primary' })).rejects.toMatchObject({ name: 'InvalidArnException' });
    await expect(replicate({ KeyId: arnIn(third, KeyId) })).rejects.toMatchObject(notFound);
    await expect(replicate({ KeyId: `mrk-${'0'.repeat(32)}` })).rejects.toMatchObject(notFound);
    await expect(replicate({ KeyId: 'arn:aws:s3:::bucket' })).rejects.toMatchObject({ name: 'InvalidArnException' });
  });

  it.each([
    [
      'two tags of one name',
      [
        { TagKey: 'a', TagValue: '1' },
        { TagKey: 'a', TagValue: '2' },
      ],
    ],
    ['a tag of AWS’s own', [{ TagKey: 'aws:x', TagValue: '1' }]],
  ])('%s, and makes no key', async (_name, Tags) => {
    await expect(replicate({ Tags })).rejects.toMatchObject({ name: 'TagException' });
    expect(await on.look(on.in[away], KeyId)).toBeUndefined();
    expect((await on.look(on.kms, KeyId))?.MultiRegionConfiguration?.ReplicaKeys).toEqual([]);
  });

  it('a policy that is none, or that locks its author out unless told to', async () => {
    const malformed = { name: 'MalformedPolicyDocumentException' };
    await expect(replicate({ Policy: '{' })).rejects.toMatchObject(malformed);
    const Policy = policyFor({ AWS: 'arn:aws:iam::444455556666:root' });
    await expect(replicate({ Policy })).rejects.toMatchObject(malformed);
    expect(await on.look(on.in[away], KeyId)).toBeUndefined();
    await replicate({ Policy, BypassPolicyLockoutSafetyCheck: true });
  });
});
