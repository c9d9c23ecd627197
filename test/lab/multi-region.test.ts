import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import multiRegion from '../../labs/multi-region/lab.js';
import { relationship } from '../../labs/multi-region/picture.js';
import { packageRoot } from '../../src/lab/package-root.js';
import { liar } from './liar.js';
import { aboutTheDrill, theDrill } from './lies/drill.js';
import { aboutMultiRegionKeys } from './lies/multi-region.js';
import { describeLies } from './lies/noticed.js';
import { openRoom, type Room, region, type Told } from './room.js';

const there = 'us-west-2';

describe('multi-region on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(multiRegion, { simulated: true });
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "4.1 passed: alias/kms-lab-mrk names it",
        "4.1 passed: its id begins with mrk-",
        "4.1 passed: it is the primary key of its set",
        "4.1 passed: the set’s primary Region is us-east-1",
        "4.1 passed: it has no replica yet",
        "4.2 passed: both have the same key id",
        "4.2 passed: their ARNs differ in the Region alone",
        "4.2 passed: alias/kms-lab-mrk in us-west-2 names a replica",
        "4.2 passed: the replica is Enabled",
        "4.2 passed: both have the same key material",
        "4.2 passed: the primary bears this lab’s tags",
        "4.2 passed: the replica bears them too: its own, none is copied",
        "4.3 passed: us-west-2 decrypts it, byte for byte",
        "4.3 passed: with the replica",
        "4.4 passed: us-east-1 decrypts it, byte for byte",
        "4.4 passed: with the primary",
        "4.5 passed: the primary knows the whole set",
        "4.5 passed: the replica knows it too",
        "4.5 passed: each has a description of its own",
        "4.6 passed: its ciphertext opens in us-east-1",
        "4.6 passed: us-west-2 does not know its key",
        "4.6 passed: and the replica there is another key",
        "4.6 passed: it can’t be replicated either",
        "4.7 passed: us-east-1 is down",
        "4.7 passed: what it encrypted opens in us-west-2",
        "4.7 passed: and new data is encrypted there",
        "4.7 passed: the replica can’t make itself the primary",
        "4.7 passed: the primary, which could, is in us-east-1",
        "4.7 passed: nor is a replica rotated",
        "4.7 passed: us-east-1 comes back and opens what us-west-2 made",
        "4.7 passed: and only now the replica can be promoted",
        "4.7 passed: us-west-2 has the primary key then",
        "4.8 passed: us-west-2 has the primary key now, Enabled again",
        "4.8 passed: us-east-1 has a replica now, Enabled again",
        "4.8 passed: us-west-2 opens what us-east-1 encrypted before",
        "4.8 passed: us-east-1 opens what us-west-2 encrypted before",
        "4.9 passed: the old primary is not replicated",
        "4.9 passed: nor is it rotated",
        "4.9 passed: the new one, in us-west-2, has new key material",
        "4.9 passed: so has its replica in us-east-1: the same",
        "4.9 passed: us-east-1 still opens what it encrypted with the old material",
        "4.9 passed: and what us-west-2 encrypts with the new",
        "4.10 passed: us-east-1 has the primary key now, Enabled again",
        "4.10 passed: us-west-2 has a replica now, Enabled again",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 10, failed: 0, skipped: 0, notOffered: 0 },
      claims: { passed: proven.length, failed: 0 },
      files: 'kms-lab-files/multi-region/',
    });
  });

  it('makes two keys that it declares, and says what the rotation made of the price of each', () => {
    expect(told.end.keys).toMatchObject([
      { region, alias: 'alias/kms-lab-mrk', made: true, monthlyUsd: 2 },
      { region: there, alias: 'alias/kms-lab-mrk', made: true, monthlyUsd: 2 },
    ]);
    expect(multiRegion.facts.keys).toBe(told.end.keys.length);
  });

  it('leaves nothing but these two: the key of one Region is dying, and bears the lab’s tags', async () => {
    const { Keys = [] } = await room.kms.listKeys({});
    const keys = await Promise.all(Keys.map(async ({ KeyId }) => (await room.kms.describeKey({ KeyId })).KeyMetadata));
    const [dying] = keys.filter((key) => !key?.MultiRegion);
    expect(keys.map((key) => [key?.MultiRegion, key?.KeyState]).sort()).toEqual([
      [false, 'PendingDeletion'],
      [true, 'Enabled'],
    ]);
    const { Tags } = await room.kms.listResourceTags({ KeyId: dying?.KeyId });
    expect(Tags).toContainEqual({ TagKey: 'kms-lab', TagValue: 'multi-region' });
    expect((await room.kmsIn('eu-west-1').listKeys({})).Keys).toEqual([]);
  });

  it('ends as it began: the primary is at home', async () => {
    const { KeyMetadata } = await room.kms.describeKey({ KeyId: 'alias/kms-lab-mrk' });
    expect(KeyMetadata?.MultiRegionConfiguration?.MultiRegionKeyType).toBe('PRIMARY');
  });

  it('shows how the keys belong together as a picture', () => {
    const id = told.end.keys[0]?.keyId ?? '';
    const [picture = []] = told.of('note').flatMap(({ picture }) => (picture ? [picture] : []));
    const steady = picture
      .join('\n')
      .replace(id, 'KEY-ID')
      .replace(/[0-9a-f]{16}…/, 'MATERIAL…');
    expect(steady).toMatchInlineSnapshot(`
      "us-east-1                            us-west-2
      ┌──────────────────────────────┐     ┌────────────────────────────┐
      │ PRIMARY key                  │     │ REPLICA key                │
      │ alias/kms-lab-mrk            │ ◄─► │ alias/kms-lab-mrk          │
      │ state: Enabled               │     │ state: Enabled             │
      │ kms-lab: made as the primary │     │ kms-lab: made as a replica │
      └──────────────────────────────┘     └────────────────────────────┘
        one key id:        KEY-ID
        one key material:  MATERIAL…"
    `);
  });

  it('draws a picture that a terminal of 80 columns holds, whatever the names in it', () => {
    const described = { arn: '', material: '7c1d'.repeat(16), family: '', description: 'its own '.repeat(9) };
    const keys = ['ap-southeast-1', 'us-gov-west-1'].map((region) => ({
      ...{ ...described, region, role: 'REPLICA', state: 'PendingReplicaDeletion' },
    }));
    const picture = relationship(keys, 'alias/kms-lab-a-namespace-as-long-as-it-may-be-mrk', `mrk-${'1a'.repeat(16)}`);
    const indent = 7;
    expect(picture.filter((line) => line.length + indent > 80)).toEqual([]);
    expect(picture[3]).toContain('│ alias/kms-lab-a…-it-may-be-mrk │ ◄─► │ alias/kms-lab-a…-it-may-be-mrk │');
  });

  it('has a line for the AWS CLI for every call that was not made again, but for those of the simulation', () => {
    const lines = told.of('command').map(({ line }) => line);
    expect(lines.filter((line) => line.startsWith('#'))).toEqual([]);
    expect(lines.filter((line) => line.includes('update-primary-region'))).toEqual([
      expect.stringContaining(`--primary-region ${there} --region ${region}`),
      expect.stringContaining(`--primary-region ${region} --region ${there}`),
    ]);
  });

  it('never tells the message', async () => {
    const message = await readFile(join(packageRoot(), 'labs', 'multi-region', 'message.txt'), 'utf8');
    const said = JSON.stringify(told.events);
    for (const line of message.split('\n').filter(Boolean)) expect(said).not.toContain(line);
  });

  it('makes a new key each run, to which the aliases move', async () => {
    const again = await room.run(multiRegion, { simulated: true });
    expect(again.end).toMatchObject({
      outcome: 'passed',
      older: [{ keyId: told.end.keys[0]?.keyId }, { region: there }],
    });
    expect(again.end.keys[0]?.keyId).not.toBe(told.end.keys[0]?.keyId);
  });
});

describe('multi-region', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('passes when every change is seen late', async () => {
    room.emulator.eventualConsistency(1500);
    const told = await room.run(multiRegion, { simulated: true });
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 10 } });
  });

  it('is proven without its drill where there is no simulation', async () => {
    const told = await room.run(multiRegion);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 9, notOffered: 1 } });
    expect(told.steps('not offered')).toEqual(['4.7']);
  });

  it('puts the replica where --replica-region says', async () => {
    const told = await room.run(multiRegion, { options: { replicaRegion: 'eu-central-1' } });
    expect(told.end).toMatchObject({ outcome: 'passed', keys: [{ region }, { region: 'eu-central-1' }] });
  });

  it('does not lose the key of one Region when its step fails: the deletion is scheduled all the same', async () => {
    const told = await room.run(multiRegion, {
      between: liar(room.kmsIn, {
        Decrypt: async (kms, input) => await kms.decrypt({ ...input, KeyId: 'alias/none' }),
      }),
    });
    expect(told.end.outcome).toBe('failed');
    const { Keys = [] } = await room.kms.listKeys({});
    const states = await Promise.all(
      Keys.map(async ({ KeyId }) => (await room.kms.describeKey({ KeyId })).KeyMetadata?.KeyState),
    );
    expect(states.filter((state) => state === 'Enabled')).toHaveLength(1);
  });

  it.each([
    ['the Region of the primary', { replicaRegion: region }, /is the Region of the primary key/],
    ['a Region that AWS does not have', { replicaRegion: 'us-mars-1' }, /"us-mars-1" .* is not an AWS Region/],
    ['a Region of another partition', { replicaRegion: 'cn-north-1' }, /partition aws-cn/],
  ])('refuses %s before anything is made, with a hint', async (_name, options, message) => {
    const told = await room.run(multiRegion, { options });
    expect(told.error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
    expect(told.error?.hint).not.toBe('');
    expect(room.asked).toEqual([]);
  });

  it.each([
    ['us-east-1', 'us-west-2'],
    ['us-west-2', 'us-east-1'],
    ['eu-west-3', 'us-west-2'],
    ['cn-north-1', 'cn-northwest-1'],
    ['us-gov-west-1', 'us-gov-east-1'],
  ])('whose primary is in %s puts the replica into %s', async (home, expected) => {
    const { replicaRegion } = await import('../../labs/multi-region/regions.js');
    expect(replicaRegion(undefined, { region: home })).toBe(expected);
  });
});

describeLies(multiRegion, aboutMultiRegionKeys, { elsewhere: aboutTheDrill });
describeLies(theDrill, aboutTheDrill);
