import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it, onTestFinished } from 'vitest';
import { identitiesOf, listed } from '../../src/cli/identities.js';
import { createEmulator, type EmulatorOptions, type LocalEmulator } from '../../src/emulator/emulator.js';
import { requestHandler } from '../../src/emulator/handler.js';

const account = '111122223333';
const roleArn = `arn:aws:iam::${account}:role/Reader`;
const alice = `arn:aws:iam::${account}:user/alice`;
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement });
const allow = (...Action: string[]) => ({ Effect: 'Allow', Action, Resource: '*' });

function folder(): string {
  const dir = mkdtempSync(join(tmpdir(), 'kms-identities-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }));
  return dir;
}

function file(content: string): string {
  const path = join(folder(), 'policy.json');
  writeFileSync(path, content);
  return path;
}

async function emulatorWith(options: Partial<EmulatorOptions>): Promise<LocalEmulator> {
  const emulator = await createEmulator({ state: 'memory', ...options });
  onTestFinished(() => emulator.close());
  return emulator;
}

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string };
const test: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const config = (emulator: LocalEmulator, credentials: Credentials) => ({
  region: 'us-east-1',
  credentials,
  requestHandler: requestHandler(emulator),
});
const kmsOf = (emulator: LocalEmulator, credentials: Credentials) => new KMS(config(emulator, credentials));
const arnOf = async (emulator: LocalEmulator, credentials: Credentials) =>
  (await new STS(config(emulator, credentials)).getCallerIdentity({})).Arn;

async function sessionFrom(emulator: LocalEmulator, RoleArn = roleArn): Promise<Credentials> {
  const { Credentials } = await new STS(config(emulator, test)).assumeRole({ RoleArn, RoleSessionName: 'alice' });
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials ?? {};
  return { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
}

const refused = { name: 'AccessDeniedException' };

describe('--credential', () => {
  it('KEY:SECRET is an administrator, the IAM user of that name', async () => {
    const emulator = await emulatorWith(identitiesOf(['alice:s3cret/+='], []));
    const who = { accessKeyId: 'alice', secretAccessKey: 's3cret/+=' };
    expect(await arnOf(emulator, who)).toBe(alice);
    await kmsOf(emulator, who).createKey({});
    await expect(kmsOf(emulator, { ...who, secretAccessKey: 'guess' }).listKeys({})).rejects.toMatchObject({
      name: 'InvalidSignatureException',
    });
    await kmsOf(emulator, test).listKeys({});
  });

  it('KEY:SECRET=ARN is that user, who may do what its policies allow', async () => {
    const credentials = [`AKIA1:one=${alice}`, `AKIA2:two=${alice.replace('alice', 'bob')}`];
    const emulator = await emulatorWith(identitiesOf(credentials, [`${alice}=${file(policy(allow('kms:ListKeys')))}`]));
    const first = kmsOf(emulator, { accessKeyId: 'AKIA1', secretAccessKey: 'one' });
    await first.listKeys({});
    await expect(first.createKey({})).rejects.toMatchObject(refused);
    await expect(kmsOf(emulator, { accessKeyId: 'AKIA2', secretAccessKey: 'two' }).listKeys({})).rejects.toMatchObject(
      refused,
    );
  });

  it('the root user of an account may do anything there', async () => {
    const emulator = await emulatorWith(identitiesOf(['key:secret=arn:aws:iam::444455556666:root'], []));
    const root = kmsOf(emulator, { accessKeyId: 'key', secretAccessKey: 'secret' });
    expect((await root.createKey({})).KeyMetadata?.AWSAccountId).toBe('444455556666');
  });

  it('KMS_LAB_CREDENTIALS holds several', () => {
    expect(listed(' a:1\nb:2=arn:x ')).toEqual(['a:1', 'b:2=arn:x']);
  });

  it.each([
    ['no colon', 'hunter2', 'an access key id, a colon and a secret are needed'],
    ['no key', ':hunter2', 'an access key id, a colon and a secret are needed'],
    ['a role', `key:hunter2=${roleArn}`, 'a role has no access key: assume it'],
    ['no IAM identity', 'key:hunter2=arn:aws:kms:us-east-1:1:key/a', 'is neither an IAM user nor a root user'],
  ])('is refused with %s, and its secret is not repeated', (_name, text, message) => {
    const refusal = (() => {
      try {
        return identitiesOf([text], []);
      } catch (error) {
        return error;
      }
    })();
    expect(refusal).toMatchObject({ kind: 'usage', message: expect.stringContaining(message) });
    expect(String(refusal)).not.toContain('hunter2');
  });
});

describe('--identity', () => {
  it('gives a role what its policy allows; several policies add up', async () => {
    const files = [allow('kms:CreateKey'), allow('kms:ListKeys')].map((each) => `${roleArn}=${file(policy(each))}`);
    const emulator = await emulatorWith(identitiesOf([], files));
    const reader = kmsOf(emulator, await sessionFrom(emulator));
    await reader.createKey({});
    await reader.listKeys({});
    await expect(reader.listAliases({})).rejects.toMatchObject(refused);
  });

  it.each([
    ['no file', roleArn, 'does not give a role or user a policy file'],
    ['no ARN', 'Reader=x.json', 'does not give a role or user a policy file'],
    ['a file that is not there', `${roleArn}=missing.json`, `can't read missing.json (--identity ${roleArn}): ENOENT`],
  ])('is refused with %s', (_name, text, message) => {
    expect(() => identitiesOf([], [text])).toThrow(
      expect.objectContaining({ kind: 'usage', message: expect.stringContaining(message) }),
    );
  });

  it.each([
    ['is no JSON', '{', 'This policy contains invalid Json'],
    ['is a list', '[]', 'This policy contains invalid Json'],
    ['has no statement', '{}', 'Syntax errors in policy.'],
    [
      'has another version',
      '{"Version":"2026-01-01","Statement":[]}',
      'The policy must contain a valid version string',
    ],
    ['has no effect', policy({ Action: '*', Resource: '*' }), 'Invalid effect: none'],
    ['has no action', policy({ Effect: 'Allow', Resource: '*' }), 'Policy statement must contain actions.'],
    ['has a number for an action', policy({ ...allow(), Action: 5 }), 'Policy statement must contain actions.'],
    ['has a text for a condition', policy({ ...allow('*'), Condition: 'x' }), 'Syntax errors in policy.'],
    ['has no resource', policy({ Effect: 'Allow', Action: '*' }), 'Policy statement must contain resources.'],
    ['names a principal', policy({ ...allow('*'), Principal: '*' }), 'Policy document should not specify a principal.'],
  ])('is refused where the file %s', (_name, content, flaw) => {
    expect(() => identitiesOf([], [`${roleArn}=${file(content)}`])).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: expect.stringMatching(new RegExp(`is no identity policy: ${flaw}$`)),
      }),
    );
  });
});

describe('Two processes on one state', () => {
  it('accept the sessions that either hands out, each with its own view of roles', async () => {
    const state = { dir: folder() };
    const roles = identitiesOf([], [`${roleArn}=${file(policy(allow('kms:CreateKey')))}`]);
    const [served, local] = [await emulatorWith({ state, ...roles }), await emulatorWith({ state })];
    const fromServed = await sessionFrom(served);
    expect(await arnOf(local, fromServed)).toBe(`arn:aws:sts::${account}:assumed-role/Reader/alice`);
    await kmsOf(local, fromServed).createKey({}); // the policies that the role had when it was assumed
    const fromLocal = await sessionFrom(local);
    await expect(kmsOf(local, fromLocal).createKey({})).rejects.toMatchObject(refused);
    await kmsOf(served, fromLocal).createKey({});
    await expect(kmsOf(served, fromLocal).listKeys({})).rejects.toMatchObject(refused);
  });
});
