import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Lab } from '../../src/lab/define.js';
import { at, type Between, bob, openRoom, type Room, region, reset, type Told } from './room.js';

const alias = 'alias/kms-lab-symmetric-key';
const facts = { number: 1, title: 'A key', minutes: 1, keys: 1, teaches: [] };
/** The smallest lab that has a key. */
const lab = Lab.define('symmetric', facts).step('Have a key', 'why', async ({ own, verify }) => {
  const key = await own.key('symmetric-key', {});
  verify.equal('the key is Enabled', key.KeyState, 'Enabled');
});

const changing = /^(Create|Update|Delete|Schedule|Cancel|Put|Tag|Untag|Enable|Disable)/;

describe('own.key', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  const keyOf = ({ end }: Told) => end.keys[0]?.keyId ?? '';
  const target = async () => (await room.kms.describeKey({ KeyId: alias })).KeyMetadata?.KeyId;
  const keys = async () => (await room.kms.listKeys({})).Keys?.length;
  const stateOf = async (KeyId: string) => (await room.kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
  const changes = () => room.asked.filter((operation) => changing.test(operation));

  describe('where there is none', () => {
    it('makes it, tagged from the first call on, and leads the alias to it', async () => {
      const told = await room.run(lab, { run: 'run-a' });
      expect(told.end).toMatchObject({ outcome: 'passed', keys: [{ region, alias, made: true, monthlyUsd: 1 }] });
      expect(told.end.older).toEqual([]);
      expect(changes()).toEqual(['CreateKey', 'CreateAlias']);
      expect(await target()).toBe(keyOf(told));
      const { Tags } = await room.kms.listResourceTags({ KeyId: keyOf(told) });
      expect(Object.fromEntries((Tags ?? []).map(({ TagKey, TagValue }) => [TagKey, TagValue]))).toEqual({
        'kms-lab': 'symmetric',
        'kms-lab:namespace': 'default',
        'kms-lab:run': 'run-a',
        'kms-lab:owner': 'arn:aws:iam::111122223333:user/ann',
        'kms-lab:created': expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        'kms-lab:alias': alias,
      });
    });

    it('names it after the namespace, so that a class can share an account', async () => {
      const default_ = await room.run(lab);
      const told = await room.run(lab, { namespace: 'alice', owner: bob });
      expect(told.end.keys).toMatchObject([{ alias: 'alias/kms-lab-alice-symmetric-key', made: true }]);
      expect(keyOf(told)).not.toBe(keyOf(default_));
      expect(await target()).toBe(keyOf(default_));
    });

    it('is content when the answer to CreateAlias is lost', async () => {
      const lost: Between = async ({ operation, pass }) => {
        const answer = await pass();
        if (operation === 'CreateAlias' && answer.status === 200) throw reset();
        return answer;
      };
      const told = await room.run(lab, { between: lost, maxAttempts: 2 });
      expect(told.end.outcome).toBe('passed');
      expect(await target()).toBe(keyOf(told));
    });

    it('adopts the key whose CreateKey was answered by a broken connection: one exists', async () => {
      const lost: Between = async ({ operation, pass }) => {
        const answer = await pass();
        if (operation === 'CreateKey') throw reset();
        return answer;
      };
      const told = await room.run(lab, { between: lost, maxAttempts: 3 });
      expect(told.end).toMatchObject({ outcome: 'passed', keys: [{ made: true }] });
      expect([await keys(), await target()]).toEqual([1, keyOf(told)]);
    });

    it('stops when somebody else takes the alias in the meantime, and says what it has made', async () => {
      const theirs = (await room.kms.createKey({})).KeyMetadata?.KeyId ?? '';
      const between = at('CreateAlias', 1, async ({ pass }) => {
        await room.kms.createAlias({ AliasName: alias, TargetKeyId: theirs });
        return await pass();
      });
      const told = await room.run(lab, { between });
      expect(told.error).toMatchObject({ kind: 'guard', message: expect.stringContaining(theirs) });
      expect(told.error?.hint).toContain('kms-lab cleanup');
      expect(await target()).toBe(theirs);
      expect(told.end.keys).toMatchObject([{ made: true }]);
    });
  });

  describe('where an earlier run of the same caller left one', () => {
    it('uses it again while it is Enabled, and changes nothing', async () => {
      const first = await room.run(lab);
      room.asked.length = 0;
      const second = await room.run(lab);
      expect(second.end).toMatchObject({ keys: [{ keyId: keyOf(first), made: false }], older: [] });
      expect(second.of('note').map(({ text }) => text)).toEqual([expect.stringContaining(keyOf(first))]);
      expect(changes()).toEqual([]);
    });

    it('makes another with --fresh, moves the alias, and names the older key with its price', async () => {
      const first = await room.run(lab);
      const second = await room.run(lab, { fresh: true });
      expect(second.end.keys).toMatchObject([{ made: true }]);
      expect(second.end.older).toEqual([{ keyId: keyOf(first), region, alias, monthlyUsd: 1 }]);
      expect(keyOf(second)).not.toBe(keyOf(first));
      expect(await target()).toBe(keyOf(second));
      expect(await stateOf(keyOf(first))).toBe('Enabled');
    });

    it('leaves a Disabled key as it is and replaces it: it still costs', async () => {
      const first = await room.run(lab);
      await room.kms.disableKey({ KeyId: keyOf(first) });
      const second = await room.run(lab);
      expect(second.end).toMatchObject({
        outcome: 'passed',
        keys: [{ made: true }],
        older: [{ keyId: keyOf(first), monthlyUsd: 1 }],
      });
      expect([await target(), await stateOf(keyOf(first))]).toEqual([keyOf(second), 'Disabled']);
    });

    it('leaves a key that is about to be deleted and replaces it: it costs nothing any more', async () => {
      const first = await room.run(lab);
      await room.kms.scheduleKeyDeletion({ KeyId: keyOf(first), PendingWindowInDays: 7 });
      const second = await room.run(lab);
      expect(second.end).toMatchObject({ outcome: 'passed', keys: [{ made: true }], older: [] });
      expect([await target(), await stateOf(keyOf(first))]).toEqual([keyOf(second), 'PendingDeletion']);
    });

    it('knows its owner also when the ARN is longer than a tag', async () => {
      const owner = `arn:aws:iam::111122223333:role/${'department/'.repeat(30)}ann`;
      const first = await room.run(lab, { owner });
      const second = await room.run(lab, { owner });
      expect(second.end.keys).toMatchObject([{ keyId: keyOf(first), made: false }]);
    });
  });

  describe('touches nothing and stops', () => {
    const guarded = async (told: Told, why: string) => {
      expect(told.error).toMatchObject({ kind: 'guard', message: expect.stringContaining(why) });
      expect(told.error?.hint).toContain('--namespace');
      expect(told.end).toMatchObject({ outcome: 'failed', keys: [], older: [] });
      expect(changes()).toEqual([]);
    };

    it.each([
      ['without any tags', []],
      ['with some of our tags', [{ TagKey: 'kms-lab', TagValue: 'symmetric' }]],
    ])('when the alias leads to a key %s', async (_what, Tags) => {
      const { KeyMetadata: theirs } = await room.kms.createKey({ Tags });
      await room.kms.createAlias({ AliasName: alias, TargetKeyId: theirs?.KeyId });
      await guarded(await room.run(lab), 'a key that kms-lab did not make');
      expect(await target()).toBe(theirs?.KeyId);
    });

    it.each([{ fresh: false }, { fresh: true }])(
      'when the key is of another owner (fresh: $fresh)',
      async ({ fresh }) => {
        await room.run(lab, { owner: bob });
        room.asked.length = 0;
        await guarded(await room.run(lab, { fresh }), bob);
      },
    );

    it('when the key is of another namespace', async () => {
      const first = await room.run(lab, { namespace: 'alice' });
      await room.kms.createAlias({ AliasName: alias, TargetKeyId: keyOf(first) });
      room.asked.length = 0;
      await guarded(await room.run(lab), 'namespace alice');
    });

    it('when the key is of another lab', async () => {
      await room.run(lab, { lab: 'envelope' });
      room.asked.length = 0;
      await guarded(await room.run(lab), 'lab envelope');
    });
  });

  it('makes a new key when the old one is of another kind', async () => {
    const first = await room.run(lab);
    const wants = Lab.define('symmetric', facts).step('Have a key', 'why', async ({ own }) => {
      await own.key('symmetric-key', { MultiRegion: true });
    });
    const second = await room.run(wants);
    expect(second.end).toMatchObject({ outcome: 'passed', older: [{ keyId: keyOf(first) }] });
    expect(keyOf(second)).not.toBe(keyOf(first));
  });
});
