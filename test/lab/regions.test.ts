import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ok } from '../../src/emulator/wire/protocol.js';
import { Lab } from '../../src/lab/define.js';
import { at, openRoom, type Room, region, unhurried } from './room.js';

const facts = { number: 9, title: 'A lab', minutes: 1, keys: 2, teaches: [] };
const there = 'eu-west-1';

describe('a lab', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const twice = Lab.define('twice', facts).step('A key here and there', 'why', async ({ own, kmsIn, verify }) => {
    await own.key('a-key');
    const key = await own.in(there).key('a-key');
    const { KeyMetadata } = await kmsIn(there).describeKey({ KeyId: own.alias('a-key') });
    verify.equal('the alias there names the key there', KeyMetadata?.KeyId, key.KeyId);
  });

  it('may have keys in several Regions, each under its alias there; its lines go where its calls went', async () => {
    const told = await room.run(twice);
    expect(told.claims('passed')).toEqual(['the alias there names the key there']);
    expect(told.end.keys.map((key) => [key.region, key.alias, key.made])).toEqual([
      [region, 'alias/kms-lab-a-key', true],
      [there, 'alias/kms-lab-a-key', true],
    ]);
    const makes = told.of('command').filter(({ line }) => line.includes('create-key'));
    expect(makes.map(({ line }) => /--region (\S+)/.exec(line)?.[1])).toEqual([region, there]);
    const again = await room.run(twice);
    expect(again.end.keys.map(({ made }) => made)).toEqual([false, false]);
  });

  it('whose claims need a new key each run gets one: the alias moves, and the older key is named', async () => {
    const lab = Lab.define('new', facts).step('A new key', 'why', async ({ own }) => ({
      key: await own.newKey('a-key'),
    }));
    const [first, second] = [await room.run(lab), await room.run(lab)];
    expect(second.end.keys).toMatchObject([{ made: true }]);
    expect(second.end.older).toMatchObject([{ keyId: first.end.keys[0]?.keyId, monthlyUsd: 1 }]);
  });

  it('goes on with a new key when its alias leads there for everybody', async () => {
    const lab = Lab.define('new', facts).step('A new key', 'why', async ({ own, kms, verify }) => {
      const key = await own.newKey('a-key');
      const { KeyMetadata } = await kms.describeKey({ KeyId: own.alias('a-key') });
      verify.equal('the alias leads to it', KeyMetadata?.KeyId, key.KeyId);
    });
    await room.run(lab);
    room.emulator.eventualConsistency(3000);
    const told = await room.run(lab, { time: unhurried((ms) => room.emulator.advance(ms)) });
    expect(told.claims('failed')).toEqual([]);
    expect(told.of('wait').map(({ what }) => what)).toContain('alias/kms-lab-a-key leads to the new key');
  });

  it('pays more for a key that it rotates, up to twice; a rotation that KMS refuses costs nothing', async () => {
    const lab = Lab.define('dear', facts).step('Rotate', 'why', async ({ own, kms, verify }) => {
      const { KeyId, Arn } = await own.newKey('a-key');
      await kms.rotateKeyOnDemand({ KeyId });
      await kms.rotateKeyOnDemand({ KeyId: Arn });
      await verify.refused('the key is not there', kms.rotateKeyOnDemand({ KeyId: 'alias/none' }), 'NotFoundException');
      await kms.rotateKeyOnDemand({ KeyId: own.alias('a-key') });
    });
    const told = await room.run(lab, {
      between: async ({ operation, input, pass }) =>
        operation === 'RotateKeyOnDemand' && input.KeyId !== 'alias/none' ? ok(input, 'a-test') : pass(),
    });
    expect(told.end.keys).toMatchObject([{ monthlyUsd: 3 }]);
  });

  it('leaves an alias alone that somebody moved after it was looked at', async () => {
    const lab = Lab.define('new', facts).step('A new key', 'why', async ({ own }) => void (await own.newKey('a-key')));
    await room.run(lab);
    const { KeyMetadata: theirs } = await room.kms.createKey({});
    const told = await room.run(lab, {
      between: at('CreateKey', 1, async ({ pass }) => {
        await room.kms.updateAlias({ AliasName: 'alias/kms-lab-a-key', TargetKeyId: theirs?.KeyId });
        return await pass();
      }),
    });
    expect(told.error).toMatchObject({ kind: 'guard', message: expect.stringContaining(theirs?.KeyId ?? '') });
    const { KeyMetadata: now } = await room.kms.describeKey({ KeyId: 'alias/kms-lab-a-key' });
    expect(now?.KeyId).toBe(theirs?.KeyId);
    expect(told.end.keys).toMatchObject([{ made: true }]);
  });
});
