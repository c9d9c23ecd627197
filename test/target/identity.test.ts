import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { resolveTarget } from '../../src/target/target.js';
import { awsFiles, plantKeys } from './files.js';
import { identityXml, serving } from './server.js';

describe('without credentials', () => {
  const out = {
    kind: 'credentials',
    message: 'no AWS credentials found',
    hint: expect.stringMatching(/aws configure sso.*AWS_PROFILE.*--local/),
  };

  it.each([{}, { endpointUrl: 'http://127.0.0.1:1' }])(
    'identity fails at once and names the ways out (%o)',
    async (options) => {
      const started = performance.now();
      const target = await resolveTarget(options, process.env);
      await expect(target.identity()).rejects.toMatchObject(out);
      expect(performance.now() - started).toBeLessThan(2_000);
    },
  );

  it('a metadata service that never answers costs less than two seconds', async () => {
    const asked = await silentMetadata();
    const started = performance.now();
    await expect((await resolveTarget({}, process.env)).identity()).rejects.toMatchObject(out);
    expect(performance.now() - started).toBeLessThan(2_000);
    expect(asked.connections).toBeGreaterThan(0);
  });

  it('a server that is not AWS is no reason to ask the metadata service', async () => {
    const asked = await silentMetadata();
    await expect(
      (await resolveTarget({ endpointUrl: 'http://127.0.0.1:1' }, process.env)).identity(),
    ).rejects.toMatchObject(out);
    expect(asked.connections).toBe(0);
  });

  it('a profile that is not there is named, before anyone is asked', async () => {
    const message = 'the profile "nobody" (--profile) is not in the AWS config files';
    await expect(resolveTarget({ profile: 'nobody' }, awsFiles(''))).rejects.toMatchObject({
      kind: 'credentials',
      message,
    });
    await expect(resolveTarget({}, { ...awsFiles(''), AWS_PROFILE: 'nobody' })).rejects.toMatchObject({
      message: 'the profile "nobody" (AWS_PROFILE) is not in the AWS config files',
    });
  });

  it('a profile whose sign-in has expired says so in its own words', async () => {
    const env = awsFiles(
      '[profile work]\nsso_start_url = https://example.awsapps.com/start\nsso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = ann\n',
    );
    const target = await resolveTarget({ profile: 'work' }, env);
    await expect(target.identity()).rejects.toMatchObject({
      kind: 'credentials',
      message: expect.stringMatching(/SSO/),
    });
  });
});

it('AWS that cannot be reached is unreachable, not a bug', async () => {
  plantKeys();
  const target = await resolveTarget({}, process.env);
  await expect(target.identity()).rejects.toMatchObject({
    message: expect.stringContaining('cannot reach AWS STS in us-east-1'),
    kind: 'unreachable',
  });
});

describe('the profile', () => {
  const files = '[work]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n';

  it('signs, even against static keys in the environment, and goes into pasted lines', async () => {
    plantKeys();
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAOTHER');
    let signed: string | undefined;
    const { url } = await serving((request) => {
      signed = request.headers.authorization;
      return identityXml('111122223333');
    });
    awsFiles('', files);
    const target = await resolveTarget({ profile: 'work', endpointUrl: url }, process.env);
    await target.identity();
    expect(signed).toContain('AKIAIOSFODNN7EXAMPLE/');
    expect(target.connection.cli).toEqual({ endpointUrl: url, profile: 'work' });
  });

  it('of AWS_PROFILE goes into pasted lines only where the AWS CLI would not follow it by itself', async () => {
    const env = { ...awsFiles('', files), AWS_PROFILE: 'work' };
    expect((await resolveTarget({}, env)).connection.cli).toEqual({});
    const both = { ...env, AWS_ACCESS_KEY_ID: 'AKIAOTHER', AWS_SECRET_ACCESS_KEY: 'secret' };
    expect((await resolveTarget({}, both)).connection.cli).toEqual({ profile: 'work' });
  });
});

describe('--expect-account', () => {
  it('refuses any other account, and an unknown one', async () => {
    plantKeys();
    const { url } = await serving(() => identityXml('111122223333'));
    const guarded = (expectAccount: string) => resolveTarget({ endpointUrl: url, expectAccount }, process.env);
    await expect((await guarded('111122223333')).identity()).resolves.toMatchObject({ account: '111122223333' });
    await expect((await guarded('444455556666')).identity()).rejects.toMatchObject({
      kind: 'guard',
      message: 'this is account 111122223333, not the expected 444455556666',
    });
    const { url: without } = await serving(() => ({ status: 404 }));
    const target = await resolveTarget({ endpointUrl: without }, { ...process.env, KMS_LAB_ACCOUNT: '111122223333' });
    await expect(target.identity()).rejects.toMatchObject({ kind: 'guard' });
  });

  it('that is no account ID is a usage error', async () => {
    await expect(resolveTarget({ expectAccount: '1111-2222-3333' }, {})).rejects.toMatchObject({ kind: 'usage' });
    await expect(resolveTarget({}, { KMS_LAB_ACCOUNT: '12' })).rejects.toMatchObject({
      message: '"12" (KMS_LAB_ACCOUNT) is not an AWS account ID',
    });
  });
});

/** An instance metadata service that takes connections and says nothing. */
async function silentMetadata(): Promise<{ connections: number }> {
  const asked = { connections: 0 };
  const server = createServer((socket) => {
    asked.connections++;
    socket.on('error', () => {});
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false');
  vi.stubEnv('AWS_EC2_METADATA_SERVICE_ENDPOINT', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onTestFinished(() => {
    vi.unstubAllEnvs();
    server.close();
  });
  return asked;
}
