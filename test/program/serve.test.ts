import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { launch, type Running, run, scratch, start } from '../support/program.js';
import { keys } from '../support/served.js';

const posix = process.platform !== 'win32';

async function listening(running: Running): Promise<string> {
  const said = await running.says('stdout', 'unset AWS_PROFILE');
  return /AWS_ENDPOINT_URL=(\S+)/.exec(said)?.[1] ?? '';
}

describe('serve', () => {
  it('prints what to paste into another terminal; a lab run with that is proven', async () => {
    const running = start(['serve', '--port', '0', '--state', 'memory']);
    const url = await listening(running);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
    const { code, stdout, stderr } = await run(['symmetric', '--endpoint-url', url], { env: keys });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`--endpoint-url ${url}`);
  });

  it.skipIf(!posix)('prints lines that a shell can take as they are', async () => {
    const running = start(['serve', '--port', '0', '--state', 'memory']);
    const said = await running.says('stdout', 'AWS_SESSION_TOKEN\n');
    const script = `set -e\n${said}printf %s "$AWS_ENDPOINT_URL $AWS_REGION $AWS_DEFAULT_REGION"`;
    const { stdout, stderr } = await launch('bash', ['-c', script]).ended;
    expect({ stdout, stderr }).toEqual({ stdout: `${await listening(running)} us-east-1 us-east-1`, stderr: '' });
  });

  it('shows the world that --local works in', async () => {
    const cwd = scratch();
    await run(['symmetric', '--local'], { cwd });
    const url = await listening(start(['serve', '--port', '0'], { cwd }));
    const again = await run(['symmetric', '--endpoint-url', url], { cwd, env: keys });
    expect(again.stdout).toContain('the key of an earlier run is used again');
  });

  it.skipIf(!posix).each(['SIGINT', 'SIGTERM'] as const)('%s ends it with 0', async (signal) => {
    const running = start(['serve', '--port', '0']);
    await listening(running);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: 0, signal: null, stderr: '' });
  });

  it('knows who else signs, and what roles may do', async () => {
    const cwd = scratch();
    const Statement = [{ Effect: 'Allow', Action: 'kms:ListKeys', Resource: '*' }];
    writeFileSync(join(cwd, 'reader.json'), JSON.stringify({ Version: '2012-10-17', Statement }));
    const role = 'arn:aws:iam::111122223333:role/Reader';
    const args = ['--credential', 'alice:one', '--identity', `${role}=reader.json`];
    const env = { KMS_LAB_CREDENTIALS: 'bob:two=arn:aws:iam::444455556666:root' };
    const endpoint = await listening(start(['serve', '--port', '0', ...args], { cwd, env }));
    const config = (accessKeyId: string, secretAccessKey: string, sessionToken?: string) => ({
      region: 'us-east-1',
      endpoint,
      credentials: { accessKeyId, secretAccessKey, ...(sessionToken && { sessionToken }) },
    });
    const bob = new STS(config('bob', 'two'));
    expect((await bob.getCallerIdentity({})).Arn).toBe('arn:aws:iam::444455556666:root');
    const alice = new STS(config('alice', 'one'));
    const { Credentials } = await alice.assumeRole({ RoleArn: role, RoleSessionName: 'alice' });
    const { AccessKeyId = '', SecretAccessKey = '', SessionToken } = Credentials ?? {};
    const reader = new KMS(config(AccessKeyId, SecretAccessKey, SessionToken));
    expect((await reader.listKeys({})).Keys).toEqual([]);
    await expect(reader.createKey({})).rejects.toMatchObject({ name: 'AccessDeniedException' });
    for (const client of [bob, alice, reader]) client.destroy();
  });

  it.each([
    [['--credential', 'hunter2'], {}, '--credential: an access key id, a colon and a secret are needed'],
    [[], { KMS_LAB_CREDENTIALS: 'key:hunter2=arn:nobody' }, 'neither an IAM user nor a root user'],
    [['--identity', 'Reader'], {}, '"Reader" (--identity) does not give a role or user a policy file'],
  ])('%j with %j: exit 2, and no secret in what it says', async (args, env, message) => {
    const { code, stdout, stderr } = await run(['serve', '--port', '0', '--state', 'memory', ...args], { env });
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(stderr).not.toContain('hunter2');
  });

  it('exit 2 where the port is taken', async () => {
    const running = start(['serve', '--port', '0', '--state', 'memory']);
    const port = new URL(await listening(running)).port;
    const { code, stdout, stderr } = await run(['serve', '--port', port, '--state', 'memory']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^kms-lab: error: .*port \d+ is already in use\nkms-lab: hint: .*--port 0.*\n$/);
  });

  it('begins under the conditions that KMS_LAB_SIMULATE names, as --local does', async () => {
    const running = start(['serve', '--port', '0', '--state', 'memory'], { env: { KMS_LAB_SIMULATE: 'quotas' } });
    const env = { ...keys, AWS_ENDPOINT_URL: await listening(running), KMS_LAB_SIMULATE: 'eventual-consistency=300' };
    expect(await run(['symmetric'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(await run(['symmetric', '--local'], { env: { KMS_LAB_SIMULATE: env.KMS_LAB_SIMULATE } })).toMatchObject({
      code: 0,
      stderr: '',
    });
    expect(await run(['symmetric', '--local'], { env: { KMS_LAB_SIMULATE: 'rain' } })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('"rain" (KMS_LAB_SIMULATE) is no condition'),
    });
  });
});
