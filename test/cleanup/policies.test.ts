import type { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import grants from '../../labs/grants/lab.js';
import keyPolicy from '../../labs/key-policy/lab.js';
import { removeRun } from '../../src/cleanup/run.js';
import { requestHandler } from '../../src/emulator/handler.js';
import type { Lab } from '../../src/lab/define.js';
import { type Between, openRoom, type Room, region } from '../lab/room.js';

/** What kms-lab must always be able to do with its keys, or to look at, so that nothing is left behind. */
const wayBack = [
  'DescribeKey',
  'GetKeyPolicy',
  'PutKeyPolicy',
  'ListResourceTags',
  'TagResource',
  'CreateAlias',
  'UpdateAlias',
  'DeleteAlias',
  'ListGrants',
  'RevokeGrant',
  'ScheduleKeyDeletion',
  'CancelKeyDeletion',
];

interface Statement {
  Effect: string;
  Principal: { AWS?: string };
  Action: string | string[];
  Condition?: object;
}

describe('cleanup after a lab about policies', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  /** Schedule what a run left, as the caller of the lab. */
  const clean = ({ emulator }: Room, run: string) => {
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const config = (_service: string, at: string) => ({
      region: at,
      endpoint: 'http://127.0.0.1:1',
      requestHandler: requestHandler(emulator),
      credentials,
    });
    return removeRun({ connection: { config, cli: {} }, region }, run);
  };
  const statesOf = async (kms: KMS) => {
    const { Keys = [] } = await kms.listKeys({});
    const keys = await Promise.all(Keys.map(({ KeyId }) => kms.describeKey({ KeyId })));
    return [...new Set(keys.map(({ KeyMetadata }) => KeyMetadata?.KeyState))];
  };

  it.each<[string, Lab]>([
    ['key-policy', keyPolicy],
    ['grants', grants],
  ])(
    '%s succeeds, whatever call the lab is killed after',
    async (_id, lab) => {
      await room.run(lab);
      // The calls to STS are among them.
      const calls = room.asked.length;
      expect((await clean(room, 'run-1')).failed).toEqual([]);
      expect(await statesOf(room.kms)).toEqual(['PendingDeletion']);
      for (let last = 1; last < calls; last++) {
        // A room for each: the fewer keys there are, the sooner they are found.
        const one = await openRoom();
        const stop = new AbortController();
        let seen = 0;
        const killed: Between = async ({ pass }) => {
          const answer = await pass();
          if (++seen === last) stop.abort();
          return answer;
        };
        const told = await one.run(lab, { signal: stop.signal, between: killed });
        expect(told.error?.kind).toBe('interrupted');
        expect((await clean(one, 'run-1')).failed).toEqual([]);
        const left = [await statesOf(one.kms), (await one.kms.listAliases({})).Aliases];
        expect(left).toEqual([last === 1 ? [] : ['PendingDeletion'], []]);
        await one.close();
      }
    },
    60_000,
  );

  it('takes the longest waiting period where a policy denies shorter ones, and says so', async () => {
    const stop = new AbortController();
    const killed: Between = async ({ operation, pass }) => {
      const answer = await pass();
      if (operation === 'ScheduleKeyDeletion') stop.abort();
      return answer;
    };
    await room.run(keyPolicy, { run: 'killed', signal: stop.signal, between: killed });
    const { scheduled } = await clean(room, 'killed');
    const days = scheduled.map(({ deletionDate, note }) => [
      Math.round(((deletionDate?.getTime() ?? 0) - Date.now()) / 86_400_000),
      note,
    ]);
    expect(days.sort()).toEqual([
      [30, 'a waiting period of 7 days was denied by a policy, so it is 30 days'],
      [7, undefined],
    ]);
  });

  it('fails where a policy denies every waiting period, with the refusal', async () => {
    await room.run(grants, { run: 'denied' });
    const { Keys = [] } = await room.kms.listKeys({});
    const KeyId = Keys[0]?.KeyId as string;
    const { Policy = '' } = await room.kms.getKeyPolicy({ KeyId });
    const { Statement, ...document } = JSON.parse(Policy);
    const denial = { Effect: 'Deny', Principal: '*', Action: 'kms:ScheduleKeyDeletion', Resource: '*' };
    await room.kms.putKeyPolicy({ KeyId, Policy: JSON.stringify({ ...document, Statement: [...Statement, denial] }) });
    const { failed } = await clean(room, 'denied');
    expect(failed).toMatchObject([{ kind: 'denied', message: expect.stringContaining('kms:ScheduleKeyDeletion') }]);
  });

  it.each<[string, Lab]>([
    ['key-policy', keyPolicy],
    ['grants', grants],
  ])('%s never puts a policy that would stand in its way', async (_id, lab) => {
    const policies: string[] = [];
    const bypass: unknown[] = [];
    const watch: Between = async ({ input, pass }) => {
      if (typeof input.Policy === 'string') policies.push(input.Policy);
      bypass.push(input.BypassPolicyLockoutSafetyCheck);
      return await pass();
    };
    await room.run(lab, { between: watch });
    expect(policies.length).toBeGreaterThan(0);
    expect(bypass.filter((sent) => sent !== undefined)).toEqual([]);
    for (const policy of policies) {
      const { Statement } = JSON.parse(policy) as { Statement: Statement[] };
      const account = Statement.find(({ Principal }) => Principal.AWS === 'arn:aws:iam::111122223333:root');
      const allowed = [account?.Action].flat();
      if (!allowed.includes('kms:*'))
        expect(allowed).toEqual(expect.arrayContaining(wayBack.map((name) => `kms:${name}`)));
      expect([account?.Effect, account?.Condition]).toEqual(['Allow', undefined]);
      const denied = Statement.filter(({ Effect }) => Effect === 'Deny').flatMap(({ Action, Condition }) =>
        [Action].flat().map((name) => [name.replace('kms:', ''), Condition] as const),
      );
      // A short waiting period alone is denied: cleanup then takes a longer one.
      expect(denied.filter(([name]) => wayBack.includes(name))).toEqual(
        denied.length === 0
          ? []
          : [['ScheduleKeyDeletion', { NumericLessThan: { 'kms:ScheduleKeyDeletionPendingWindowInDays': '30' } }]],
      );
    }
  });
});
