import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { defaultServePort, stateFolder } from '../../src/target/state.js';
import { resolveTarget, type TargetOptions } from '../../src/target/target.js';
import { awsFiles, plantKeys } from './files.js';

const memory: TargetOptions = { local: true, state: 'memory' };

describe('--local', () => {
  it('is the embedded KMS, and pasted lines reach `kms-lab serve`', async () => {
    const target = await resolveTarget(memory, {});
    expect(target).toMatchObject({ kind: 'local', label: 'embedded KMS', region: 'us-east-1', partition: 'aws' });
    expect(target.connection.cli).toEqual({ endpointUrl: `http://127.0.0.1:${defaultServePort}` });
    await target.close();
    await target.close();
  });

  it('ignores every AWS_* variable and every AWS file', async () => {
    const env = awsFiles('[default]\nregion = mars\nmax_attempts = nonsense\nuse_fips_endpoint = nonsense\n');
    plantKeys();
    const loud = {
      AWS_REGION: 'mars',
      AWS_PROFILE: 'nobody',
      AWS_ENDPOINT_URL: 'nonsense',
      AWS_ENDPOINT_URL_KMS: 'http://127.0.0.1:1',
      AWS_MAX_ATTEMPTS: 'nonsense',
      AWS_RETRY_MODE: 'nonsense',
      AWS_USE_FIPS_ENDPOINT: 'nonsense',
      AWS_USE_DUALSTACK_ENDPOINT: 'true',
      AWS_DEFAULTS_MODE: 'nonsense',
      AWS_AUTH_SCHEME_PREFERENCE: 'nonsense',
      AWS_SDK_UA_APP_ID: 'x'.repeat(100),
    };
    for (const [name, value] of Object.entries(loud)) vi.stubEnv(name, value);
    const target = await resolveTarget(memory, { ...process.env, ...env });
    onTestFinished(() => target.close());
    expect(target.region).toBe('us-east-1');
    const kms = new KMS(target.connection.config('kms', target.region));
    const sent = { ...target.connection.config('kms', target.region) };
    expect(await kms.config.credentials()).toMatchObject({ accessKeyId: 'test' });
    expect(await kms.config.maxAttempts()).toBe(3);
    expect(await kms.config.useFipsEndpoint()).toBe(false);
    expect(await kms.config.useDualstackEndpoint()).toBe(false);
    expect(sent).toMatchObject({
      endpoint: `http://127.0.0.1:${defaultServePort}`,
      ignoreConfiguredEndpointUrls: true,
    });
    expect(await target.identity()).toMatchObject({ account: expect.stringMatching(/^\d{12}$/) });
    expect((await kms.listKeys({})).Keys).toEqual([]);
  });

  it.each([{ endpointUrl: 'http://127.0.0.1:1' }, { profile: 'work' }])('with %o is a usage error', async (more) => {
    await expect(resolveTarget({ ...memory, ...more }, {})).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringMatching(/^--local and --(endpoint-url|profile) exclude each other$/),
    });
  });

  it('--expect-account guards it too', async () => {
    const target = await resolveTarget({ ...memory, expectAccount: '999999999999' }, {});
    onTestFinished(() => target.close());
    await expect(target.identity()).rejects.toMatchObject({ kind: 'guard' });
  });

  it('keeps its state in the folder it is given', async () => {
    const state = mkdtempSync(join(tmpdir(), 'kms-lab-state-'));
    onTestFinished(() => rmSync(state, { recursive: true }));
    const target = await resolveTarget({ local: true, state }, {});
    await target.identity();
    await target.close();
    expect(readdirSync(state)).not.toEqual([]);
  });
});

describe('the state of the embedded KMS', () => {
  it.each([
    ['--state', 'here', { KMS_LAB_STATE: '/there' }, 'linux', resolve('here')],
    ['--state memory', 'memory', {}, 'linux', 'memory'],
    ['KMS_LAB_STATE', undefined, { KMS_LAB_STATE: '/there', XDG_STATE_HOME: '/xdg' }, 'linux', '/there'],
    ['XDG_STATE_HOME', undefined, { XDG_STATE_HOME: '/xdg', HOME: '/home/ann' }, 'linux', join('/xdg', 'kms-lab')],
    [
      'a relative XDG_STATE_HOME',
      undefined,
      { XDG_STATE_HOME: 'xdg', HOME: '/home/ann' },
      'linux',
      join('/home/ann', '.local/state/kms-lab'),
    ],
    ['the home directory', undefined, { HOME: '/home/ann' }, 'darwin', join('/home/ann', '.local/state/kms-lab')],
    [
      'LOCALAPPDATA',
      undefined,
      { LOCALAPPDATA: '/ann/local', HOME: '/home/ann' },
      'win32',
      join('/ann/local', 'kms-lab'),
    ],
  ] as [string, string | undefined, NodeJS.ProcessEnv, NodeJS.Platform, string][])(
    '%s',
    (_name, option, env, platform, folder) => {
      expect(stateFolder(option, env, platform)).toBe(folder);
    },
  );

  it('is below the temporary folder, apart for each user, where there is no home directory', () => {
    expect(stateFolder(undefined, { HOME: '/' }, 'linux')).toMatch(
      new RegExp(`^${join(tmpdir(), 'kms-lab-').replaceAll('\\', '\\\\')}.+`),
    );
  });

  it('--state without --local is a usage error', async () => {
    await expect(resolveTarget({ state: 'memory' }, {})).rejects.toMatchObject({ kind: 'usage' });
  });
});
