import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import audit from '../../labs/audit/lab.js';
import { ok } from '../../src/emulator/wire/protocol.js';
import { VirtualTime } from '../cleanup/virtual-time.js';
import { liar } from './liar.js';
import { otherBytes } from './lies/case.js';
import { type Between, openRoom, type Room, type Told } from './room.js';

const minute = 60_000;
const operations = [
  ...['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext', 'GenerateRandom', 'ListKeys'],
];
const isLookup = (operation: string) => operation.endsWith('.LookupEvents');

let time: VirtualTime;
let room: Room;
/** When LookupEvents was asked, on the moved clock. */
let lookups: number[];
beforeEach(async () => {
  time = new VirtualTime(Date.parse('2026-11-24T10:00:00.500Z'));
  room = await openRoom({ now: time.now });
  lookups = [];
});
afterEach(() => room.close());

interface Options {
  wait?: number;
  resume?: boolean;
  fresh?: boolean;
}

const run = ({ fresh = false, ...options }: Options = {}, between: Between = ({ pass }) => pass()): Promise<Told> =>
  room.run(audit, {
    options,
    fresh,
    time,
    followUp: ['--profile', 'my class'],
    between: (passing) => {
      if (isLookup(passing.operation)) lookups.push(time.now());
      return time.during(() => between(passing));
    },
  });

/** The times between one and the next. */
const apart = (times: readonly number[]) => times.slice(1).map((at, index) => at - (times[index] as number));

describe('the lab “audit”', () => {
  it('makes its calls, finds them in CloudTrail, and proves every claim', async () => {
    const told = await run();
    expect(told.error).toBeUndefined();
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: audit.steps.length, notOffered: 0 } });
    expect(told.of('claim').map(({ step, claim }) => `${step} ${claim}`)).toMatchInlineSnapshot(`
      [
        "8.1 what was encrypted comes back",
        "8.1 each call has a request id of its own",
        "8.2 CloudTrail shows all 6 calls, found by their request ids",
        "8.3 eventSource says which service",
        "8.3 eventName says what was done",
        "8.3 userIdentity says who did it",
        "8.3 eventTime says when",
        "8.3 awsRegion says where",
        "8.3 recipientAccountId says whose trail it is",
        "8.3 readOnly: a decryption changes nothing",
        "8.3 managementEvent: it is one of management, not of data",
        "8.3 resources: Encrypt used the key",
        "8.3 resources: Decrypt used the key",
        "8.3 resources: GenerateDataKey used the key",
        "8.3 resources: GenerateDataKeyWithoutPlaintext used the key",
        "8.3 resources: GenerateRandom used no key",
        "8.3 resources: ListKeys used no key",
        "8.4 Encrypt shows its encryption context",
        "8.4 Decrypt shows its encryption context",
        "8.4 GenerateDataKey shows its encryption context",
        "8.4 GenerateDataKeyWithoutPlaintext shows its encryption context",
        "8.4 Decrypt names the key material that KMS answered with",
        "8.5 no record has the plaintext: not as it is, in base64 or in hex",
        "8.5 no record has the ciphertext: not as it is, in base64 or in hex",
        "8.5 no record has the data key: not as it is, in base64 or in hex",
        "8.5 no record has the random bytes: not as it is, in base64 or in hex",
        "8.5 no record tells what was answered: responseElements is null in all",
      ]
    `);
  });

  it('explains every field of a record, and leaves the whole for the learner', async () => {
    const told = await run();
    const record = JSON.parse(readFileSync(join(room.cwd, 'kms-lab-files/audit/decrypt-event.json'), 'utf8'));
    const fields = told
      .of('note')
      .flatMap(({ step, text }) => /^(\w+) {2,}\S/.exec(step === '8.3' ? text : '')?.[1] ?? []);
    expect(fields).toEqual(Object.keys(record));
    expect(fields).toEqual(expect.arrayContaining(['userIdentity', 'requestParameters', 'resources', 'tlsDetails']));
    expect(told.of('note').filter(({ text }) => text.includes('newer than this lab'))).toEqual([]);
  });

  it('shows each lookup as a line for the AWS CLI', async () => {
    const lines = (await run()).of('command').flatMap(({ step, line }) => (step === '8.2' ? [line] : []));
    expect(lines).toHaveLength(operations.length);
    expect(lines[1]).toBe(
      'aws cloudtrail lookup-events --lookup-attributes AttributeKey=EventName,AttributeValue=Decrypt' +
        ' --start-time 2026-11-24T09:55:00.500Z --end-time 2026-11-24T10:05:00.500Z' +
        ' --region us-east-1 --endpoint-url http://127.0.0.1:4599',
    );
  });

  it('uses its key again, and passes with eventual consistency', async () => {
    const first = await run();
    room.emulator.eventualConsistency(2000);
    const again = await run();
    expect(again.claims('failed')).toEqual([]);
    expect(again.end.keys).toMatchObject([{ keyId: first.end.keys[0]?.keyId, made: false }]);
    expect((await run({ fresh: true })).claims('failed')).toEqual([]);
  });

  it('saves the request ids before it looks, for its owner alone, and nothing that is secret', async () => {
    const told = await run();
    const path = join(room.cwd, 'kms-lab-files/audit/requests.json');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
    const { calls, ...rest } = JSON.parse(readFileSync(path, 'utf8'));
    const ids = told.of('call').filter(({ step, operation }) => step === '8.1' && operations.includes(operation));
    expect(calls).toEqual(ids.map(({ operation, requestId }) => ({ operation, requestId })));
    expect(Object.keys(rest).sort()).toEqual(
      ['account', 'begun', 'context', 'ended', 'identity', 'keyArn', 'keyMaterialId', 'region'].sort(),
    );
  });
});

describe('where events take minutes', () => {
  it('looks every half minute or so until they are there, asking one question each time', async () => {
    room.emulator.conditions.lateTrail = 6 * minute;
    const started = time.now();
    const told = await run();
    expect(told.claims('failed')).toEqual([]);
    const waited = told.of('wait').map(({ what }) => what);
    expect(new Set(waited)).toEqual(new Set(['CloudTrail shows all 6 calls, found by their request ids']));
    expect(time.now() - started).toBeGreaterThan(6 * minute);
    expect(time.now() - started).toBeLessThan(7.5 * minute);
    // While nothing was there one question a look; then one for each operation.
    const waiting = lookups.slice(0, -operations.length + 1);
    expect(Math.min(...apart(waiting))).toBeGreaterThanOrEqual(22_500);
    expect(Math.max(...apart(waiting))).toBeLessThanOrEqual(37_500);
    expect(new Set(apart(waiting)).size).toBeGreaterThan(1);
    expect(told.of('command').filter(({ step }) => step === '8.2')).toHaveLength(operations.length);
  });

  it('gives up after --wait with a failed claim and the line that resumes, which finds the same calls', async () => {
    room.emulator.conditions.lateTrail = 20 * minute;
    const told = await run({ wait: 10 * minute });
    expect(told.error).toBeUndefined();
    expect(told.claims('failed')).toEqual(['CloudTrail shows all 6 calls, found by their request ids']);
    expect(told.of('claim').at(-1)).toMatchObject({ expected: '6 events', got: `0, no ${operations.join(', ')}` });
    expect(told.of('note').at(-1)?.text).toBe(
      "they may still come. Look again later: kms-lab audit --resume --profile 'my class'",
    );
    expect(told.steps('skipped')).toEqual(['8.3', '8.4', '8.5']);
    const made = room.asked.length;
    const resumed = await run({ wait: 15 * minute, resume: true });
    expect(resumed.claims('failed')).toEqual([]);
    expect(resumed.end).toMatchObject({ outcome: 'passed', keys: [] });
    expect(room.asked.slice(made).filter((operation) => !isLookup(operation))).toEqual([]);
  });

  it('looks once, when it is not to wait', async () => {
    room.emulator.conditions.lateTrail = minute;
    await run({ wait: 0 });
    expect(lookups).toHaveLength(1);
  });

  it('never asks more than CloudTrail answers, in an account where others make the same calls', async () => {
    room.emulator.conditions.quotas();
    const { KeyMetadata } = await room.kms.createKey({});
    for (let n = 0; n < 120; n++)
      await room.kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('somebody else') });
    const answers: number[] = [];
    const told = await run({}, async ({ operation, pass }) => {
      if (operation === 'ListKeys') await room.kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext: Buffer.from('x') });
      const answer = await pass();
      if (isLookup(operation)) answers.push(answer.status);
      return answer;
    });
    expect(told.claims('failed')).toEqual([]);
    expect(lookups.length).toBeGreaterThanOrEqual(operations.length);
    expect(Math.min(...apart(lookups))).toBeGreaterThanOrEqual(1000);
    expect(new Set(answers)).toEqual(new Set([200]));
  });

  it('waits out that others have used up what CloudTrail answers', async () => {
    let refused = 0;
    const told = await run({}, async ({ operation, pass }) => {
      if (!isLookup(operation) || ++refused > 3) return await pass();
      const body = JSON.stringify({ __type: 'ThrottlingException', message: 'Rate exceeded' });
      return { ...(await pass()), status: 400, body };
    });
    expect(told.claims('failed')).toEqual([]);
    expect(new Set(told.of('wait').map(({ what }) => what))).toEqual(
      new Set(['us-east-1: CloudTrail throttles LookupEvents']),
    );
    expect(Math.min(...apart(lookups))).toBeGreaterThanOrEqual(1000);
  });
});

describe('--resume', () => {
  it('needs calls of an earlier run', async () => {
    const { error } = await run({ resume: true });
    expect(error).toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('nothing to resume'),
      hint: "make the calls first, in this folder: kms-lab audit --profile 'my class'",
    });
    expect(room.asked).toEqual([]);
  });

  it('looks nowhere else than where they were made', async () => {
    await run();
    const made = room.asked.length;
    const elsewhere = await room.run(audit, { time, options: { resume: true }, at: 'eu-west-1' });
    expect(elsewhere.error).toMatchObject({ kind: 'guard', message: expect.stringContaining('us-east-1') });
    expect(room.asked).toHaveLength(made);
  });
});

const every = Symbol('every operation');

/** A trail that tells the event of one operation, or of every, otherwise or not at all. */
function telling(
  operation: string | typeof every,
  change: (record: Record<string, unknown>) => object | undefined,
): Between {
  return async ({ operation: asked, pass }) => {
    const answer = await pass();
    if (!isLookup(asked)) return answer;
    const { Events, ...rest } = JSON.parse(answer.body);
    const told = Events.flatMap((event: { EventName: string; CloudTrailEvent: string }) => {
      const record = JSON.parse(event.CloudTrailEvent);
      if (operation !== every && event.EventName !== operation) return [event];
      const changed = change(record);
      return changed ? [{ ...event, CloudTrailEvent: JSON.stringify(changed) }] : [];
    });
    return ok({ ...rest, Events: told }, 'a-lie');
  };
}

const plaintext = readFileSync(new URL('../../labs/audit/customer-record.txt', import.meta.url));
const other = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';

/** Who lies, and exactly the claims that fail. */
interface Case {
  lie: string;
  between: () => Between;
  fails: string[];
}

const allFound = 'CloudTrail shows all 6 calls, found by their request ids';
const hidden = (what: string) => `no record has the ${what}: not as it is, in base64 or in hex`;
const usesKey = ['Encrypt', 'Decrypt', 'GenerateDataKey', 'GenerateDataKeyWithoutPlaintext'];

/** An event of an operation, or of every, as it is not. */
const record = (
  lie: string,
  operation: string | typeof every,
  change: Parameters<typeof telling>[1],
  fails: string[],
): Case => ({ lie: `a trail that ${lie}`, between: () => telling(operation, change), fails });

const aboutRecords: Case[] = [
  record('misses an event', 'GenerateDataKey', () => undefined, [allFound]),
  record(
    'gives an event another request id',
    'Decrypt',
    (told) => ({ ...told, requestID: '1234abcd-12ab-34cd-56ef-1234567890ab' }),
    [allFound],
  ),
  record(
    'tells in every event what belongs into another',
    every,
    ({ requestID }) => ({
      requestID,
      eventSource: 's3.amazonaws.com',
      eventName: 'GetObject',
      userIdentity: { arn: 'arn:aws:iam::111122223333:user/mallory' },
      eventTime: '2026-11-24T11:00:00Z',
      awsRegion: 'eu-west-1',
      recipientAccountId: '444455556666',
      readOnly: false,
      managementEvent: false,
      resources: [{ ARN: other }],
      requestParameters: { encryptionContext: { department: 'sales' } },
      additionalEventData: { keyMaterialId: '00' },
      responseElements: { keys: [] },
    }),
    [
      'eventSource says which service',
      'eventName says what was done',
      'userIdentity says who did it',
      'eventTime says when',
      'awsRegion says where',
      'recipientAccountId says whose trail it is',
      'readOnly: a decryption changes nothing',
      'managementEvent: it is one of management, not of data',
      ...usesKey.map((operation) => `resources: ${operation} used the key`),
      'resources: GenerateRandom used no key',
      'resources: ListKeys used no key',
      ...usesKey.map((operation) => `${operation} shows its encryption context`),
      'Decrypt names the key material that KMS answered with',
      'no record tells what was answered: responseElements is null in all',
    ],
  ),
  record('has no time', 'Decrypt', ({ eventTime: _, ...told }) => told, ['eventTime says when']),
  record('hides the encryption context', 'Encrypt', (told) => ({ ...told, requestParameters: null }), [
    'Encrypt shows its encryption context',
  ]),
  ...(['utf8', 'base64', 'hex'] as const).map((how) =>
    record(`shows the plaintext, ${how}`, 'Encrypt', (told) => ({ ...told, more: plaintext.toString(how) }), [
      hidden('plaintext'),
    ]),
  ),
  record(
    'shows a part of the plaintext, in upper-case hex',
    'Decrypt',
    (told) => ({ ...told, more: plaintext.subarray(20, 60).toString('hex').toUpperCase() }),
    [hidden('plaintext')],
  ),
  {
    lie: 'a trail that tells what is no record: the event is not there',
    between:
      () =>
      async ({ operation, pass }) =>
        isLookup(operation)
          ? ok({ Events: [{ CloudTrailEvent: 'hello' }, { CloudTrailEvent: '7' }] }, 'a-lie')
          : pass(),
    fails: [allFound],
  },
];

/** A trail that shows what KMS answered. */
const shows = (what: string, operation: string, member: string): Case => ({
  lie: `a trail that shows the ${what}`,
  between: () => {
    let seen = '';
    const trail = telling(operation, (told) => ({ ...told, more: seen }));
    return async (passing) => {
      const answer = await trail(passing);
      if (passing.operation === operation) seen = JSON.parse(answer.body)[member];
      return answer;
    };
  },
  fails: [hidden(what)],
});

const aboutAnswers: Case[] = [
  shows('data key', 'GenerateDataKey', 'Plaintext'),
  shows('random bytes', 'GenerateRandom', 'Plaintext'),
  shows('ciphertext', 'Encrypt', 'CiphertextBlob'),
  {
    lie: 'a KMS that gives every answer the same request id',
    between:
      () =>
      async ({ operation, pass }) => {
        const answer = await pass();
        if (isLookup(operation)) return answer;
        return { ...answer, headers: { ...answer.headers, 'x-amzn-requestid': 'always' } };
      },
    fails: ['each call has a request id of its own'],
  },
  {
    lie: 'a KMS that gives back other bytes',
    between: () => (passing) => liar(room.kms, { Decrypt: otherBytes })(passing),
    fails: ['what was encrypted comes back'],
  },
];

describe('the lab “audit” fails against', () => {
  const cases = [...aboutRecords, ...aboutAnswers];

  it.each(cases)('$lie', async ({ between, fails }) => {
    const told = await run({ wait: 0 }, between());
    expect(told.claims('failed')).toEqual(fails);
    expect(told.end.outcome).toBe('failed');
    expect(told.error).toBeUndefined();
  });

  it('somebody for each of its claims', async () => {
    const noticed = cases.flatMap(({ fails }) => fails);
    expect((await run()).claims('passed').filter((claim) => !noticed.includes(claim))).toEqual([]);
  });
});
