import { ListKeysCommand } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { type Filter, type Found, find } from '../../src/cleanup/find.js';
import { account, alias, ann, bob, failure, tags } from './account.js';

async function found(on: ReturnType<typeof account>, filter?: Filter): Promise<Found[]> {
  const all: Found[] = [];
  for await (const one of find({ kms: on.kms, regions: ['us-east-1'], ...(filter && { filter }) })) all.push(one);
  return all;
}
const ids = (all: Found[]) => all.map((one) => ('keyId' in one ? one.keyId : one.region));

describe('finding what kms-lab made', () => {
  it('goes by tags alone, through all pages', async () => {
    const on = account([
      { id: 'ours', tags: tags(), aliases: [alias] },
      { id: 'untagged', aliases: ['alias/kms-lab-symmetric-key-by-hand'] },
      { id: 'foreign', tags: { team: 'payments' } },
      { id: 'ours-without-alias', tags: tags() },
      { id: 'half-tagged', tags: { 'kms-lab': 'symmetric' } },
    ]);
    expect(ids(await found(on))).toEqual(['ours', 'ours-without-alias']);
  });

  it('tells what AWS says about a key', async () => {
    const on = account([{ id: 'k', tags: tags(), aliases: [alias, 'alias/app'], state: 'Disabled', type: 'PRIMARY' }]);
    expect(await found(on)).toEqual([
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
    ['several at once', { owner: bob, lab: 'rotation' }, []],
  ])('narrows by %s', async (_name, filter, expected) => {
    const on = account([
      { id: 'plain', tags: tags() },
      { id: 'of-bob', tags: tags({ 'kms-lab:owner': bob }) },
      { id: 'of-class', tags: tags({ 'kms-lab:namespace': 'class' }) },
      { id: 'of-rotation', tags: tags({ 'kms-lab': 'rotation' }) },
      { id: 'of-run', tags: tags({ 'kms-lab:run': '20261124-0102-000000' }) },
    ]);
    expect(ids(await found(on, filter))).toEqual(expected);
  });

  it('reports a key that it may not read, and goes on', async () => {
    const on = account([
      { id: 'locked', refuses: 'AccessDeniedException' },
      { id: 'ours', tags: tags() },
    ]);
    expect(await found(on)).toMatchObject([
      { type: 'unreadable', keyId: 'locked' },
      { type: 'key', keyId: 'ours' },
    ]);
  });

  it('leaves out a key that vanished meanwhile', async () => {
    const on = account([
      { id: 'gone', refuses: 'NotFoundException' },
      { id: 'ours', tags: tags() },
    ]);
    expect(ids(await found(on))).toEqual(['ours']);
  });

  it('reports a Region whose keys it may not list, and stops on any other failure', async () => {
    const on = account([]);
    on.mock.on(ListKeysCommand).rejects(failure('AccessDeniedException'));
    expect(await found(on)).toMatchObject([{ type: 'unswept', region: 'us-east-1' }]);
    on.mock.on(ListKeysCommand).rejects(failure('ExpiredTokenException'));
    await expect(found(on)).rejects.toMatchObject({ name: 'ExpiredTokenException' });
  });
});
