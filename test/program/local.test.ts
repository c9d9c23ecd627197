import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runHere } from '../support/here.js';
import { importWith, newExternalKey, parametersFor } from '../support/imports.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import { eventsOf, run, scratch, start } from '../support/program.js';

const nobody = { accessKeyId: 'nobody', secretAccessKey: 'nobody' };

/** A folder whose state somebody works on, and the program beside them. */
async function shared() {
  const cwd = scratch();
  const identities = [{ ...nobody, arn: 'arn:aws:iam::111122223333:user/nobody', policies: [] }];
  const on: KmsUnderTest = await kmsUnderTest({ state: { dir: join(cwd, '.state') }, identities });
  onTestFinished(() => on.close());
  const local = (...args: string[]) => runHere(['local', ...args], { cwd });
  return { on, local, cwd };
}

async function dyingKey({ kms, key }: KmsUnderTest): Promise<string> {
  const KeyId = await key();
  await kms.createAlias({ AliasName: 'alias/mortal', TargetKeyId: KeyId });
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  return KeyId;
}

const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d UTC`;

describe('local status', () => {
  it('says what is there, and makes nothing where nothing is', async () => {
    const cwd = scratch();
    const none = await runHere(['local', 'status'], { cwd });
    expect(none).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('yet: nothing was made.\n') });
    const [empty] = eventsOf((await runHere(['local', 'status', '--json'], { cwd })).stdout);
    expect(empty).toMatchObject({ type: 'local:status', bytes: 0, keys: [], upcoming: [], auditEvents: 0 });
  });

  it('keys by state, the clock, what is due, the audit trail', async () => {
    const { on, local } = await shared();
    const KeyId = await dyingKey(on);
    await on.key();
    on.emulator.advance(3_600_000);
    const { code, stdout, stderr } = await local('status');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(
        [
          String.raw`^The embedded KMS in \S+ \(\d+ kB\)`,
          `  clock  ${at}, 1 hour ahead of this machine`,
          '  keys   us-east-1 of 111122223333: (1 Enabled, 1 PendingDeletion|1 PendingDeletion, 1 Enabled)',
          `  due    ${at}  key ${KeyId} \\(alias/mortal\\) in us-east-1 of 111122223333 is deleted for good`,
          '  audit  4 events',
          '$',
        ].join('\n'),
      ),
    );
  });
});

describe('local advance', () => {
  it('moves the clock where nothing is lost by it, without a question', async () => {
    const { on, cwd } = await shared();
    await dyingKey(on);
    // Another process, as a person has it: who works on the state sees the clock move.
    const { code, stdout, stderr } = await run(['local', 'advance', '6d'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(
      new RegExp(`^The clock moves on by 6 days, from ${at} to ${at}\\.\nNothing is due on the way\\.\nIt is ${at} in`),
    );
    const { KeyMetadata } = await on.kms.createKey({});
    expect(Number(KeyMetadata?.CreationDate) - Date.now()).toBeGreaterThan(5.9 * 86_400_000);
  });

  it('tells of rotations, and asks before imported key material expires', async () => {
    const { on, local } = await shared();
    const own = await on.key();
    await on.kms.enableKeyRotation({ KeyId: own, RotationPeriodInDays: 90 });
    const imported = await newExternalKey(on.kms);
    const ValidTo = new Date(Date.now() + 100 * 86_400_000);
    await importWith(on.kms, imported, await parametersFor(on.kms, imported), randomBytes(32), { ValidTo });
    const rotations = await local('advance', '95d');
    expect(rotations).toMatchObject({ code: 0, stdout: expect.stringContaining(`key ${own} in us-east-1`) });
    expect(rotations.stdout).toContain('is rotated');
    const refused = await local('advance', '90d');
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('1 expiry') });
    expect(refused.stdout).toMatch(
      new RegExp(`key ${imported} in us-east-1 of 111122223333 loses imported key material`),
    );
    expect(await on.kms.listKeyRotations({ KeyId: own })).toMatchObject({ Rotations: [{ RotationType: 'AUTOMATIC' }] });
  });

  it('needs --yes where a key would be deleted and nobody can be asked', async () => {
    const { on, local } = await shared();
    const KeyId = await dyingKey(on);
    const refused = await local('advance', '1w');
    expect(refused).toMatchObject({ code: 2, stdout: expect.stringContaining(`key ${KeyId} (alias/mortal)`) });
    expect(refused.stderr).toBe(
      "kms-lab: error: moving the clock so far can't be undone (1 deletion): nothing was done\nkms-lab: hint: add --yes\n",
    );
    await on.kms.describeKey({ KeyId });
    const { code, stdout } = await local('advance', '1w', '--yes', '--json');
    expect({ code, events: eventsOf(stdout) }).toMatchObject({
      code: 0,
      events: [
        { type: 'local:foreseen', kind: 'delete-key', id: KeyId, aliases: ['alias/mortal'] },
        { type: 'local:happened', kind: 'delete-key', id: KeyId, aliases: ['alias/mortal'] },
        { type: 'local:advanced' },
      ],
    });
    await expect(on.kms.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('does not go beyond what times can tell', async () => {
    const { on, local } = await shared();
    on.emulator.advance(7000 * 365 * 86_400_000);
    const { code, stdout, stderr } = await local('advance', '99999w');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("can't be moved beyond the year 9999");
  });
});

describe('local reset', () => {
  it('says what it removes; with --yes a running serve is empty at once', async () => {
    const cwd = scratch();
    const serve = start(['serve', '--port', '0'], { cwd });
    const said = await serve.says('stdout', 'unset AWS_PROFILE');
    const endpoint = /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1];
    const { KMS } = await import('@aws-sdk/client-kms');
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const kms = new KMS({ region: 'us-east-1', credentials, ...(endpoint && { endpoint }) });
    onTestFinished(() => kms.destroy());
    await kms.createKey({});
    const refused = await runHere(['local', 'reset'], { cwd });
    expect(refused).toMatchObject({
      code: 2,
      stdout: expect.stringContaining('1 key and their aliases, 1 audit event, all sessions.\n'),
      stderr: expect.stringContaining('needs a confirmation: nothing was done\nkms-lab: hint: add --yes'),
    });
    expect((await kms.listKeys({})).Keys).toHaveLength(1);
    expect(await runHere(['local', 'reset', '--yes'], { cwd })).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/\nThe embedded KMS is empty\.\n$/),
    });
    expect((await kms.listKeys({})).Keys).toEqual([]);
  });
});

describe('local why', () => {
  it('tells the last call that was not allowed', async () => {
    const { on, local } = await shared();
    const KeyId = await on.key();
    expect(await local('why')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Nothing was refused so far/) });
    await expect(on.as(nobody).describeKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    on.emulator.trail.flush();
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    const who = 'arn:aws:iam::111122223333:user/nobody';
    const { code, stdout } = await local('why');
    expect({ code, stdout: stdout.replace(new RegExp(at), 'NOW') }).toEqual({
      code: 0,
      stdout: [
        'Refused: kms:DescribeKey',
        `  who   ${who}`,
        '  what  DescribeKey in us-east-1',
        `  on    ${arn}`,
        '  when  NOW',
        `  AWS   User: ${who} is not authorized to perform: kms:DescribeKey on resource: ${arn} because no identity-based policy allows the kms:DescribeKey action`,
        '',
        `${who} may not kms:DescribeKey on ${arn}`,
        'the key policy leaves it to the account’s identity policies',
        'no identity policy of the caller allows kms:DescribeKey',
        '',
      ].join('\n'),
    });
  });
});

describe('local, misused', () => {
  const thisFile = fileURLToPath(import.meta.url);
  it.each([
    [['local'], 'local what?', '`kms-lab local --help`'],
    [['local', 'advance', 'soon'], 'Write it like 90m, 12h, 2d or 3w.', '`kms-lab --help`'],
    [['local', 'status', '--state', 'memory'], 'a state in memory belongs to its process alone', '--state'],
    [['local', 'status', '--state', thisFile], 'is kept in a folder', '--state'],
    [['local', 'reset', '--state', thisFile], 'is kept in a folder', '--state'],
  ])('%j: exit 2', async (args, error, hint) => {
    const { code, stdout, stderr } = await runHere(args);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(error);
    expect(stderr).toContain(hint);
  });
});
