import { describe, expect, it } from 'vitest';
import { createOwnedKey } from '../../src/kms/own.js';
import { aliasTag } from '../../src/kms/tags.js';
import { alias, keyId, metadata, nodeError, ownership, Refusal, type Script, scripted } from './scripted.js';

const Tags = [aliasTag(alias)];
const makesKeys: Script = ({ operation }) =>
  operation === 'ReplicateKey' ? { ReplicaKeyMetadata: metadata } : { KeyMetadata: metadata };

describe('A key', () => {
  it.each([
    ['CreateKey', {}],
    ['ReplicateKey', { KeyId: 'mrk-1', ReplicaRegion: 'eu-west-1' }],
  ] as const)('bears its tags from %s on', async (operation, input) => {
    const { kms, sent } = await scripted(makesKeys);
    const all = { Tags: [{ TagKey: 'mine', TagValue: 'too' }, ...Tags] };
    await (operation === 'CreateKey' ? kms.createKey(all) : kms.replicateKey({ ...all, ...input } as never));
    expect(sent.map((each) => each.operation)).toEqual([operation]);
    const tags = sent[0]?.input.Tags.map((tag) => [tag.TagKey, tag.TagValue]);
    expect(tags).toEqual([
      ['mine', 'too'],
      ['kms-lab', 'symmetric'],
      ['kms-lab:namespace', 'alice'],
      ['kms-lab:run', ownership.run],
      ['kms-lab:owner', ownership.owner],
      ['kms-lab:created', '2026-11-24T10:00:00.000Z'],
      ['kms-lab:alias', alias],
    ]);
  });

  it('is not made when nobody says which alias it is for', async () => {
    const { kms, sent } = await scripted(makesKeys);
    await expect(kms.createKey({ Description: 'stray' })).rejects.toMatchObject({ name: 'LabError', kind: 'bug' });
    expect(sent).toEqual([]);
  });

  it('is told from another of the same run by its time of creation', async () => {
    const { kms, sent } = await scripted(makesKeys);
    await createOwnedKey(kms, {}, alias);
    await createOwnedKey(kms, {}, alias);
    const [one, two] = sent.map(({ input }) => input.Tags.find((tag) => tag.TagKey === 'kms-lab:created'));
    expect(one).not.toEqual(two);
  });

  it('is known to have been made by this run', async () => {
    const { kms, clients } = await scripted(makesKeys);
    await createOwnedKey(kms, {}, alias);
    await kms.replicateKey({ KeyId: 'mrk-1', ReplicaRegion: 'eu-west-1', Tags });
    expect(clients.madeIn('us-east-1')).toEqual([{ region: 'us-east-1', keyId, arn: metadata.Arn, alias }]);
    expect(clients.madeIn().map(({ region }) => region)).toEqual(['us-east-1', 'eu-west-1']);
  });
});

/** A KMS that makes the key, and whose answer gets lost; it shows the key only from the second look on. */
function losing(lost: Error | Refusal, visibleAt = 2): Script {
  let tags: object[] = [];
  const older = 'f0000000-0000-0000-0000-000000000000';
  return ({ operation, input }, count) => {
    switch (operation) {
      case 'CreateKey':
      case 'ReplicateKey':
        tags = input.Tags;
        return lost;
      case 'ListKeys':
        return { Keys: [{ KeyId: older }, ...(count >= visibleAt ? [{ KeyId: keyId }] : [])] };
      case 'ListResourceTags':
        return { Tags: input.KeyId === older ? [{ TagKey: 'kms-lab:run', TagValue: ownership.run }] : tags };
      default:
        return { KeyMetadata: metadata };
    }
  };
}

describe('A lost answer', () => {
  it.each([
    ['a broken connection', nodeError('ECONNRESET')],
    ['a time-out', Object.assign(new Error('late'), { name: 'TimeoutError' })],
    ['a fault of the server', new Refusal('KMSInternalException', 500)],
  ])('is not asked for again after %s: the key is found by its tags', async (_why, lost) => {
    const { kms, sent, records, waits, clients } = await scripted(losing(lost));
    const { KeyMetadata } = await kms.createKey({ Tags });
    expect(KeyMetadata).toMatchObject({ KeyId: keyId, KeyState: 'Enabled' });
    expect(sent.filter(({ operation }) => operation === 'CreateKey')).toHaveLength(1);
    expect(records).toMatchObject([{ operation: 'CreateKey', outcome: 'ok' }]);
    expect(waits).toEqual(['us-east-1: the answer to CreateKey was lost, looking for the key by its tags']);
    expect(clients.madeIn()).toHaveLength(1);
  });

  it('to ReplicateKey is looked for in the Region of the replica', async () => {
    const { kms, sent } = await scripted(losing(nodeError('ECONNRESET')));
    const answer = await kms.replicateKey({ KeyId: 'mrk-1', ReplicaRegion: 'eu-west-1', Tags });
    expect(answer.ReplicaKeyMetadata?.KeyId).toBe(keyId);
    expect(sent.map(({ operation, region }) => `${operation} ${region}`)).toEqual([
      'ReplicateKey us-east-1',
      'ListResourceTags eu-west-1',
      'DescribeKey eu-west-1',
    ]);
  });

  it('stays an error when no such key turns up in time', async () => {
    const { kms, sent, records } = await scripted(losing(nodeError('ECONNRESET'), Number.POSITIVE_INFINITY));
    await expect(kms.createKey({ Tags })).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(sent.filter(({ operation }) => operation === 'CreateKey')).toHaveLength(1);
    expect(sent.filter(({ operation }) => operation === 'ListResourceTags')).toHaveLength(1);
    expect(records).toMatchObject([{ operation: 'CreateKey', outcome: 'ECONNRESET' }]);
  });

  it('never gives this run a key that it knows already', async () => {
    let tags: object[] = [];
    const { kms } = await scripted(({ operation, input }, count) => {
      if (operation === 'CreateKey') {
        tags = input.Tags;
        return count === 1 ? { KeyMetadata: metadata } : nodeError('ECONNRESET');
      }
      if (operation === 'ListKeys') return { Keys: [{ KeyId: keyId }] };
      return { Tags: tags, KeyMetadata: metadata };
    });
    await kms.createKey({ Tags });
    await expect(kms.createKey({ Tags })).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  it.each(['ECONNREFUSED', 'ENOTFOUND'])('is not looked for when nothing was sent (%s)', async (code) => {
    const { kms, sent } = await scripted(() => nodeError(code));
    await expect(kms.createKey({ Tags })).rejects.toMatchObject({ code });
    expect(sent).toHaveLength(1);
  });
});

describe('CreateKey', () => {
  it('is sent again when it was throttled', async () => {
    const { kms, sent, waits } = await scripted((_sent, count) =>
      count < 3 ? new Refusal('ThrottlingException') : { KeyMetadata: metadata },
    );
    await kms.createKey({ Tags });
    expect(sent).toHaveLength(3);
    expect(waits).toEqual(Array(2).fill('us-east-1: KMS throttles CreateKey'));
    expect(sent[2]?.input).toEqual(sent[0]?.input);
  });

  it('is not sent again when a quota is used up', async () => {
    const { kms, sent } = await scripted(() => new Refusal('LimitExceededException'));
    await expect(kms.createKey({ Tags })).rejects.toMatchObject({ name: 'LimitExceededException' });
    expect(sent).toHaveLength(1);
  });
});
