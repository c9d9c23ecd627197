import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import keyPolicy from '../../labs/key-policy/lab.js';
import { describeLies } from './lies/noticed.js';
import { aboutKeyPolicies } from './lies/policies.js';
import { openRoom, type Room, type Told } from './room.js';

describe('key-policy on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(keyPolicy);
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "6.1 passed: it has one policy, named default",
        "6.1 passed: with one statement",
        "6.1 passed: which allows",
        "6.1 passed: the account, so that IAM policies decide,",
        "6.1 passed: every KMS action",
        "6.1 passed: on this key",
        "6.1 passed: you may use the key, for IAM allows it",
        "6.3 passed: it is stored, all statements in order",
        "6.4 passed: admin may DescribeKey",
        "6.4 passed: app may DescribeKey",
        "6.4 passed: DescribeKey by you is left to IAM, as before: allowed by IAM",
        "6.4 passed: admin may GetKeyPolicy",
        "6.4 passed: GetKeyPolicy by app is left to IAM, as before: refused",
        "6.4 passed: GetKeyPolicy by you is left to IAM, as before: allowed by IAM",
        "6.4 passed: admin may PutKeyPolicy",
        "6.4 passed: PutKeyPolicy by app is left to IAM, as before: refused",
        "6.4 passed: PutKeyPolicy by you is left to IAM, as before: allowed by IAM",
        "6.4 passed: admin may UpdateKeyDescription",
        "6.4 passed: app may not UpdateKeyDescription",
        "6.4 passed: you may not UpdateKeyDescription",
        "6.4 passed: admin may not Encrypt",
        "6.4 passed: app may Encrypt",
        "6.4 passed: you may not Encrypt",
        "6.4 passed: admin may not Decrypt",
        "6.4 passed: app may Decrypt",
        "6.4 passed: you may not Decrypt",
        "6.4 passed: admin may not GenerateDataKeyWithoutPlaintext",
        "6.4 passed: app may GenerateDataKeyWithoutPlaintext",
        "6.4 passed: you may not GenerateDataKeyWithoutPlaintext",
        "6.4 passed: admin can’t open the key to itself by a grant",
        "6.5 passed: department=finance encrypts and decrypts",
        "6.5 passed: encrypting without a context is denied",
        "6.5 passed: encrypting for another department is denied",
        "6.5 passed: decrypting without it is denied before the key is used",
        "6.5 passed: and so is decrypting with another",
        "6.6 passed: 7 days are denied",
        "6.6 passed: 29 days are denied",
        "6.6 passed: 30 days are accepted",
        "6.6 passed: and can be taken back",
        "6.6 passed: then the key is Enabled again",
        "6.6 passed: with the default policy nobody asks for a context",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 6, failed: 0, skipped: 0, notOffered: 0 },
      keys: [{ alias: 'alias/kms-lab-key-policy' }, { alias: 'alias/kms-lab-key-policy-conditions' }],
    });
  });
  it('shows the policies as files of the learner', () => {
    const puts = told.of('command').flatMap(({ line }) => / --policy (\S+)/.exec(line)?.[1] ?? []);
    expect([...new Set(puts)]).toEqual([
      'file://kms-lab-files/key-policy/default-policy.json',
      'file://kms-lab-files/key-policy/kms-key-policy.json',
      'file://kms-lab-files/key-policy/conditions-policy.json',
    ]);
  });

  it('gives each call of a role the credentials of that role', () => {
    const lines = told.of('command').flatMap(({ step, line }) => (step === '6.2' ? [line] : []));
    expect(lines.filter((line) => line.startsWith('read -r KMS_LAB_'))).toHaveLength(2);
    expect(lines.filter((line) => line.startsWith('AWS_ACCESS_KEY_ID="$KMS_LAB_ADMIN_ROLE_ID" '))).toHaveLength(7);
    expect(lines.filter((line) => line.startsWith('AWS_ACCESS_KEY_ID="$KMS_LAB_APP_ROLE_ID" '))).toHaveLength(7);
  });

  it('shows the matrix', () => {
    expect(told.of('note').at(-1)?.picture).toMatchInlineSnapshot(`
      [
        "                      admin role      app role        you",
        "DescribeKey           allowed         allowed         allowed by IAM",
        "GetKeyPolicy          allowed         refused         allowed by IAM",
        "PutKeyPolicy          allowed         refused         allowed by IAM",
        "UpdateKeyDescription  allowed         refused         refused",
        "Encrypt               refused         allowed         refused",
        "Decrypt               refused         allowed         refused",
        "GenerateDataKey       refused         allowed         refused",
        "  WithoutPlaintext",
      ]
    `);
  });
});

const role = (name: string) => `arn:aws:iam::111122223333:role/${name}`;

describe('key-policy', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('passes when every change is seen late', async () => {
    room.emulator.eventualConsistency(1500);
    const told = await room.run(keyPolicy);
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 6 } });
  });

  it('makes new keys each run', async () => {
    const first = await room.run(keyPolicy);
    const second = await room.run(keyPolicy);
    expect(second.end.outcome).toBe('passed');
    expect(second.end.keys.map(({ keyId }) => keyId)).not.toContain(first.end.keys[0]?.keyId);
  });

  it.each([
    ['one role alone', { adminRole: role('a') }, /go together/],
    ['one role for both', { adminRole: role('a'), appRole: role('a') }, /are the same role/],
    ['what is no role', { adminRole: 'admin', appRole: role('a') }, /"admin" is not the ARN of an IAM role/],
    [
      'a role of another account',
      { adminRole: role('a'), appRole: 'arn:aws:iam::444455556666:role/b' },
      /of another account than 111122223333/,
    ],
  ])('refuses %s before anything is made, with a hint', async (_what, options, message) => {
    const told = await room.run(keyPolicy, { options });
    expect(told.error).toMatchObject({ kind: 'usage', message: expect.stringMatching(message) });
    expect(told.error?.hint).not.toBe('');
    expect(room.asked).toEqual([]);
  });
});

describe('key-policy with roles that IAM allows much', () => {
  it('shows what IAM opens, and that IAM opens nothing that the key policy keeps to itself', async () => {
    const all = [{ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'kms:*', Resource: '*' }] }];
    const room = await openRoom({ roles: { [role('boss')]: all, [role('team/web')]: all } });
    const told = await room.run(keyPolicy, { options: { adminRole: role('boss'), appRole: role('team/web') } });
    const [before, after] = told.of('note').slice(-2);
    await room.close();
    expect(told.claims('failed')).toEqual([]);
    expect(told.end.outcome).toBe('passed');
    expect(before?.picture).toMatchInlineSnapshot(`
      [
        "                      admin role      app role        you",
        "DescribeKey           allowed by IAM  allowed by IAM  allowed by IAM",
        "GetKeyPolicy          allowed by IAM  allowed by IAM  allowed by IAM",
        "PutKeyPolicy          allowed by IAM  allowed by IAM  allowed by IAM",
        "UpdateKeyDescription  allowed by IAM  allowed by IAM  allowed by IAM",
        "Encrypt               allowed by IAM  allowed by IAM  allowed by IAM",
        "Decrypt               allowed by IAM  allowed by IAM  allowed by IAM",
        "GenerateDataKey       allowed by IAM  allowed by IAM  allowed by IAM",
        "  WithoutPlaintext",
      ]
    `);
    expect(after?.picture).toMatchInlineSnapshot(`
      [
        "                      admin role      app role        you",
        "DescribeKey           allowed         allowed         allowed by IAM",
        "GetKeyPolicy          allowed         allowed by IAM  allowed by IAM",
        "PutKeyPolicy          allowed         allowed by IAM  allowed by IAM",
        "UpdateKeyDescription  allowed         refused         refused",
        "Encrypt               refused         allowed         refused",
        "Decrypt               refused         allowed         refused",
        "GenerateDataKey       refused         allowed         refused",
        "  WithoutPlaintext",
      ]
    `);
  });
});

describeLies(keyPolicy, aboutKeyPolicies);
