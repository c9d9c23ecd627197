import { describe, expect, it } from 'vitest';
import { kmsAt, labKey, me, stateOf } from '../cleanup/lab-keys.js';
import { runHere } from '../support/here.js';
import { eventsOf, start } from '../support/program.js';
import { json, refusal, type Served, served } from '../support/served.js';

const cleanup = (there: Served, ...args: string[]) => runHere(['cleanup', '--yes', ...args], { env: there.env });
const bob = 'arn:aws:sts::111122223333:assumed-role/Workshop/bob';
const regionOf = (headers: Record<string, string>) =>
  /Credential=[^/]+\/\d+\/([^/]+)/.exec(headers.authorization ?? '')?.[1];

describe('cleanup finds', () => {
  it('keys in every Region of the partition, also without an alias', async () => {
    const there = await served();
    const keys = { 'us-east-1': '', 'sa-east-1': '', 'af-south-1': '' };
    for (const region of Object.keys(keys) as (keyof typeof keys)[])
      keys[region] = await labKey(there, { region, aliases: [] });
    const { code, stdout } = await cleanup(there, '--json');
    expect(code).toBe(0);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ outcome: 'passed', keys: 3, failed: 0 });
    for (const [region, keyId] of Object.entries(keys))
      expect(await stateOf(there, keyId, region)).toBe('PendingDeletion');
  });

  it('only in the Regions that --region names', async () => {
    const there = await served();
    const [east, west] = [await labKey(there), await labKey(there, { region: 'us-west-2', aliases: [] })];
    const there2 = await cleanup(there, '--region', 'us-west-2', '--region', 'eu-west-1', '--json');
    expect(eventsOf(there2.stdout)[1]).toMatchObject({ swept: ['us-west-2', 'eu-west-1'] });
    expect(await stateOf(there, west, 'us-west-2')).toBe('PendingDeletion');
    expect(await stateOf(there, east)).toMatch(/^Enabled /);
  });

  it.each<[string, string[], Record<string, string>]>([
    ['--lab', ['--lab', 'symmetric'], { 'kms-lab': 'rotation' }],
    ['--namespace', ['--namespace', 'default'], { 'kms-lab:namespace': 'alice' }],
    ['--run', ['--run', '20261124-0102-abcdef'], { 'kms-lab:run': '20261124-0102-000000' }],
    ['--older-than', ['--older-than', '2d'], { 'kms-lab:created': new Date().toISOString() }],
  ])('what %s asks for, and counts the rest', async (_name, args, other) => {
    const there = await served();
    const old = { 'kms-lab:created': '2026-01-02T03:04:05.000Z' };
    const [wanted, left] = [await labKey(there, { tags: old }), await labKey(there, { tags: { ...old, ...other } })];
    const { code, stdout } = await cleanup(there, ...args);
    expect(code).toBe(0);
    expect(stdout).toContain('1 kms-lab key outside of what was asked for');
    expect(await stateOf(there, wanted)).toBe('PendingDeletion');
    expect(await stateOf(there, left)).toMatch(/^Enabled /);
  });

  it("the caller's own keys; with --everyone those of all owners and namespaces", async () => {
    const there = await served();
    const theirs = await labKey(there, { tags: { 'kms-lab:owner': bob, 'kms-lab:namespace': 'bob' } });
    const foreign = (await kmsAt(there).createKey({})).KeyMetadata?.KeyId as string;
    const mine = await cleanup(there);
    expect(mine.stdout).toContain("1 other key in the account is not kms-lab's and stays untouched");
    expect(mine.stdout).toContain('1 kms-lab key of bob: not yours (--everyone takes all)');
    expect(await stateOf(there, theirs)).toMatch(/^Enabled /);
    const env = { ...there.env, KMS_LAB_NAMESPACE: 'instructor' };
    expect(await runHere(['cleanup', '--yes', '--everyone'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(await stateOf(there, theirs)).toBe('PendingDeletion');
    expect(await stateOf(there, foreign)).toBe('Enabled');
  });
});

describe('cleanup keeps its hands off', () => {
  it('a key that bears an alias of somebody else, unless --include-used', async () => {
    const there = await served();
    const aliases = ['alias/kms-lab-symmetric-key', 'alias/production'];
    const used = await labKey(there, { tags: { 'kms-lab:alias': 'alias/kms-lab-symmetric-key' }, aliases });
    const first = await cleanup(there);
    expect(first.code).toBe(0);
    expect(first.stdout.replace(/\s+/g, ' ')).toContain('bears an alias that kms-lab did not make: alias/production');
    expect(await stateOf(there, used)).toBe(`Enabled ${aliases.join(' ')}`);
    expect((await cleanup(there, '--include-used')).code).toBe(0);
    expect(await stateOf(there, used)).toBe('PendingDeletion alias/production');
  });

  it('a key that it may not read, which it names; the others are removed', async () => {
    let locked = '';
    const there = await served((operation, { body }) =>
      operation === 'ListResourceTags' && locked && Buffer.from(body).includes(locked)
        ? refusal('AccessDeniedException', 'not you')
        : undefined,
    );
    const other = await labKey(there);
    locked = await labKey(there);
    const { code, stdout } = await cleanup(there, '--json');
    expect(code).toBe(0);
    const skips = eventsOf(stdout).filter(({ type }) => type === 'cleanup:skip');
    expect(skips).toMatchObject([{ keyId: locked, why: 'not readable', reason: 'not you' }]);
    expect(await stateOf(there, other)).toBe('PendingDeletion');
    expect(await stateOf(there, locked)).toMatch(/^Enabled /);
  });
});

describe('the screen', () => {
  it("says in a row which permission a key of somebody else's lacks, not all of AWS's sentence", async () => {
    const what =
      'User: arn:aws:iam::111122223333:user/ann is not authorized to perform: kms:ListResourceTags on resource: x';
    const there = await served((operation) =>
      operation === 'ListResourceTags' ? refusal('AccessDeniedException', what) : undefined,
    );
    await labKey(there);
    const { stdout } = await cleanup(there);
    expect(stdout).toMatch(/^ {2}us-east-1 +\S{4}…\S{4} +\? +\? +\? +– unreadable: no kms:ListResourceTags$/m);
    expect(stdout).not.toContain('not authorized');
  });
});

describe('a key that is ours by its tags', () => {
  it.each(['DescribeKey', 'ListAliases'])('and of which %s is denied counts as left: exit 6', async (denied) => {
    let locked = '';
    const there = await served((operation, { body }) =>
      operation === denied && locked && Buffer.from(body).includes(locked)
        ? refusal('AccessDeniedException', 'not you')
        : undefined,
    );
    locked = await labKey(there);
    const { code, stdout, stderr } = await cleanup(there, '--json');
    expect({ code, stderr }).toEqual({
      code: 6,
      stderr: expect.stringMatching(/^kms-lab: error: 1 key is left: not you\nkms-lab: hint: allow this action/),
    });
    const skips = eventsOf(stdout).filter(({ type }) => type === 'cleanup:skip');
    expect(skips).toMatchObject([{ keyId: locked, lab: 'symmetric', owner: me, why: 'not readable' }]);
    expect(eventsOf(stdout).at(-1)).toMatchObject({ outcome: 'failed', keys: 0, failed: 1 });
  });
});

describe('a Region', () => {
  it.each([
    ['UnrecognizedClientException', 400, 0, 'not enabled'],
    ['AccessDeniedException', 400, 0, 'denied'],
  ])('that answers %s is listed as not swept', async (name, status, exit, why) => {
    const there = await served((_operation, { headers }) =>
      regionOf(headers) === 'me-south-1' ? refusal(name, 'No.', status) : undefined,
    );
    const key = await labKey(there);
    const { code, stdout } = await cleanup(there, '--json');
    expect(code).toBe(exit);
    expect(eventsOf(stdout)[1]).toMatchObject({ unswept: [{ region: 'me-south-1', why, reason: 'No.' }] });
    expect(await stateOf(there, key)).toBe('PendingDeletion');
    // The verdict says what it does not cover.
    const verdict = (await cleanup(there)).stdout.split('\n').find((line) => line.startsWith('✔ clean'));
    expect(verdict?.includes('1 Region not swept')).toBe(why === 'denied');
  });

  it('that was asked for and does not answer: the others are cleaned, exit 5', async () => {
    const there = await served((_operation, { headers }) =>
      regionOf(headers) === 'us-west-2' ? refusal('ServiceUnavailable', 'Later.', 503) : undefined,
    );
    const key = await labKey(there);
    const { code, stdout, stderr } = await cleanup(there, '--region', 'us-east-1', '--region', 'us-west-2');
    expect({ code, stderr }).toEqual({
      code: 5,
      stderr: expect.stringMatching(/error: us-west-2 of account \d+: Later\./),
    });
    expect(stdout).toContain('us-west-2 not swept (unreachable): Later.');
    expect(await stateOf(there, key)).toBe('PendingDeletion');
  });
});

describe('cleanup', () => {
  it('--window decides how long AWS waits', async () => {
    const there = await served();
    await labKey(there);
    const { stdout } = await cleanup(there, '--window', '30', '--json');
    const removed = eventsOf(stdout).find(({ type }) => type === 'cleanup:removed');
    const days = (Date.parse(String(removed?.deletionDate)) - Date.now()) / 86_400_000;
    expect(days).toBeGreaterThan(29.9);
    expect(days).toBeLessThan(30.1);
  });

  it('Ctrl-C: the calls in flight end, the rest is left and told, exit 130', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const there = await served(async (operation) => {
      if (operation === 'ScheduleKeyDeletion') await held;
      return undefined;
    });
    for (let n = 0; n < 12; n++) await labKey(there, { aliases: [] });
    const running = start(['cleanup', '--yes', '--json', '--region', 'us-east-1'], { env: there.env });
    while (!there.asked.includes('ScheduleKeyDeletion')) await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    await running.says('stderr', 'interrupted');
    release();
    const { code, stdout, stderr } = await running.ended;
    expect(code).toBe(130);
    expect(stderr).toContain('kms-lab: hint: run `kms-lab cleanup` again: it goes on where this ended\n');
    const end = eventsOf(stdout).at(-1);
    expect(end).toMatchObject({ type: 'cleanup:end', outcome: 'failed', exitCode: 130 });
    expect(Number(end?.keys) + Number(end?.failed)).toBe(12);
  });

  it('a key whose state does not change is a left-over: exit 6', async () => {
    const there = await served((operation) => (operation === 'DeleteAlias' ? json({}) : undefined));
    await labKey(there);
    // 22 s of looking are too long here: the specs of carrying out the plan have their own clock. A refusal shows the same exit.
    const refusing = await served((operation) =>
      operation === 'DeleteAlias' ? refusal('AccessDeniedException', 'not you') : undefined,
    );
    await labKey(refusing);
    const { code, stderr } = await cleanup(refusing);
    expect({ code, stderr }).toEqual({ code: 6, stderr: expect.stringContaining('1 key is left: not you') });
  });
});

describe('usage', () => {
  it.each([
    [['--window', '6'], 'AWS takes 7 to 30 days'],
    [['--undo', '--window', '30'], "'--undo' cannot be used with option '--window <days>'"],
    [['--undo', '--include-used'], "'--undo' cannot be used with option '--include-used'"],
    [['--older-than', '2 days'], 'Write it like 90m, 12h, 2d or 3w'],
    [['--rate', '0'], 'above 0 and up to 1'],
    [['--region', 'us-east-1', '--region', 'cn-north-1'], 'different partitions'],
    [['--region', 'us-east-1', '--region', 'nowhere-1'], 'not an AWS Region'],
    [['--role-arn', 'workshop'], 'not the ARN of a role'],
    [['--accounts', 'missing.txt'], "can't read missing.txt (--accounts): ENOENT"],
  ])('cleanup --local %j: exit 2', async (args, message) => {
    const { code, stdout, stderr } = await runHere(['cleanup', '--local', ...args]);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
  });
});
