import { ListKeysCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { find } from '../../src/cleanup/find.js';
import type { Filter, Sweep } from '../../src/cleanup/found.js';
import { account, alias, ann, bob, failure, tags } from './account.js';

const found = (on: ReturnType<typeof account>, filter: Filter = {}): Promise<Sweep> =>
  find({
    kms: on.kms,
    regions: ['us-east-1'],
    filter,
    time: { now: () => Date.parse('2026-11-24T02:00:00Z'), sleep: async () => {} },
  });
const ids = ({ keys }: Sweep) => keys.map(({ keyId }) => keyId);

describe('finding what kms-lab made', () => {
  it('goes by tags alone, through all pages', async () => {
    const on = account([
      { id: 'ours', tags: tags(), aliases: [alias] },
      { id: 'untagged', aliases: ['alias/kms-lab-symmetric-key-by-hand'] },
      { id: 'foreign', tags: { team: 'payments' } },
      { id: 'ours-without-alias', tags: tags() },
      { id: 'half-tagged', tags: { 'kms-lab': 'symmetric' } },
    ]);
    const sweep = await found(on);
    expect(ids(sweep)).toEqual(['ours', 'ours-without-alias']);
    expect(sweep.counts).toEqual({ keys: 5, foreign: 3, ofOthers: 0, filtered: 0, unreadable: 0 });
  });

  it('tells what AWS says about a key', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias, 'alias/app'], state: 'Disabled', type: 'PRIMARY' }]);
    expect((await found(on)).keys).toEqual([
      expect.objectContaining({
        type: 'key',
        region: 'us-east-1',
        keyId: 'k',
        arn: 'arn:aws:kms:us-east-1:111122223333:key/k',
        aliases: ['alias/app', alias],
        state: 'Disabled',
        multiRegion: 'PRIMARY',
        ownership: expect.objectContaining({ lab: 'symmetric', owner: ann }),
      }),
    ]);
  });

  it.each<[string, Filter, string[]]>([
    ['owner', { owner: bob }, ['of-bob']],
    ['namespace', { namespace: 'class' }, ['of-class']],
    ['lab', { lab: 'rotation' }, ['of-rotation']],
    ['run', { run: '20261124-0102-000000' }, ['of-run']],
    ['age', { olderThanMs: 3600_000 }, ['of-yesterday']],
    ['several at once', { owner: bob, lab: 'rotation' }, []],
  ])('narrows by %s', async (_name, filter, expected) => {
    const on = account([
      { id: 'plain', tags: tags({ 'kms-lab:created': '2026-11-24T01:02:03.000Z' }) },
      { id: 'of-bob', tags: tags({ 'kms-lab:owner': bob }) },
      { id: 'of-class', tags: tags({ 'kms-lab:namespace': 'class' }) },
      { id: 'of-rotation', tags: tags({ 'kms-lab': 'rotation' }) },
      { id: 'of-yesterday', tags: tags({ 'kms-lab:created': '2026-11-23T01:02:03.000Z' }) },
      { id: 'of-run', tags: tags({ 'kms-lab:run': '20261124-0102-000000' }) },
    ]);
    expect(ids(await found(on, filter))).toEqual(expected);
  });

  it('reports a key that it may not read, and goes on', async () => {
    const on = account([
      { id: 'locked', refuses: 'AccessDeniedException' },
      { id: 'ours', tags: tags() },
    ]);
    const sweep = await found(on);
    expect(sweep.unreadable).toMatchObject([{ keyId: 'locked', reason: expect.stringContaining('AccessDenied') }]);
    expect(ids(sweep)).toEqual(['ours']);
  });

  it('tells the first of many keys that it may not read, and counts them all', async () => {
    const on = account(Array.from({ length: 30 }, (_, n) => ({ id: `k${n}`, refuses: 'AccessDeniedException' })));
    const { unreadable, counts } = await found(on);
    expect([unreadable.length, counts.unreadable]).toEqual([20, 30]);
  });

  it('leaves out a key that vanished meanwhile', async () => {
    const on = account([
      { id: 'gone', refuses: 'NotFoundException' },
      { id: 'ours', tags: tags() },
    ]);
    expect(ids(await found(on))).toEqual(['ours']);
  });

  it('counts what belongs to others, and whose it is', async () => {
    const on = account([
      { id: 'ours', tags: tags() },
      { id: 'of-bob', tags: tags({ 'kms-lab:owner': bob }) },
      { id: 'of-another-lab', tags: tags({ 'kms-lab': 'rotation' }) },
    ]);
    const { counts, owners } = await found(on, { owner: ann, lab: 'symmetric' });
    expect(counts).toMatchObject({ ofOthers: 1, filtered: 1 });
    expect([...owners]).toEqual([bob]);
  });
});

describe('Regions', () => {
  const everywhere = {
    'us-east-1': account([{ id: 'east', tags: tags() }]),
    'eu-west-1': account([{ id: 'west', tags: tags() }]),
  };
  const regions = [...Object.keys(everywhere), 'me-south-1'];
  const search = (refusing: ReturnType<typeof account>) =>
    find({ kms: (region) => (everywhere[region as keyof typeof everywhere] ?? refusing).kms(), regions });

  it.each([
    ['UnrecognizedClientException', 'not enabled'],
    ['OptInRequired', 'not enabled'],
    ['AccessDeniedException', 'denied'],
    ['ServiceUnavailable', 'unreachable'],
  ])('one that answers %s is not swept: %s', async (name, why) => {
    const there = account([]);
    there.mock.on(ListKeysCommand).rejects(failure(name));
    const sweep = await search(there);
    expect(sweep.unswept).toMatchObject([{ region: 'me-south-1', why, reason: expect.stringContaining(name) }]);
    expect(sweep.swept).toEqual(['us-east-1', 'eu-west-1']);
    expect(ids(sweep)).toEqual(['east', 'west']);
  });

  it('one that has no name in the DNS is not enabled, as long as others answer', async () => {
    const there = account([]);
    there.mock.on(ListKeysCommand).rejects(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
    expect((await search(there)).unswept).toMatchObject([{ why: 'not enabled' }]);
    await expect(find({ kms: there.kms, regions: ['me-south-1'] })).rejects.toMatchObject({ code: 'ENOTFOUND' });
  });

  it('credentials that expire on the way end the search', async () => {
    const there = account([]);
    there.mock.on(ListKeysCommand).rejects(failure('ExpiredTokenException'));
    await expect(search(there)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });

  it('when none can be searched, its error is thrown', async () => {
    const on = account([]);
    on.mock.on(ListKeysCommand).rejects(failure('AccessDeniedException'));
    await expect(found(on)).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});
