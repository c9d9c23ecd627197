import { execFile } from 'node:child_process';
import dns from 'node:dns';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const run = promisify(execFile);
const refused = /only loopback is open/;

/** A machine on which everything is there to reach AWS: keys in the environment and in the config files. */
describe('no test reaches AWS, though credentials are planted', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kms-lab-planted-'));

  beforeAll(() => {
    const file = join(folder, 'credentials');
    writeFileSync(file, '[default]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = secret\n');
    vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
    vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'false');
  });

  afterAll(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true });
  });

  it('not with the SDK in this process', async () => {
    const kms = new KMS({ region: 'us-east-1', maxAttempts: 1 });
    await expect(kms.listKeys({})).rejects.toThrow(refused);
  });

  it('not with fetch, nor with a name looked up beforehand', async () => {
    await expect(fetch('https://kms.us-east-1.amazonaws.com/')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(refused) },
    });
    await expect(fetch('http://169.254.169.254/latest/')).rejects.toMatchObject({
      cause: { message: expect.stringMatching(refused) },
    });
    await expect(dns.promises.lookup('kms.us-east-1.amazonaws.com')).rejects.toThrow(refused);
    await expect(promisify(dns.resolve4)('kms.us-east-1.amazonaws.com')).rejects.toThrow(refused);
  });

  it('not in a child process', async () => {
    const script = `
      const { KMS } = await import('@aws-sdk/client-kms');
      const kms = new KMS({ region: 'us-east-1', maxAttempts: 1 });
      await kms.listKeys({}).then(() => console.log('reached'), (error) => console.log(error.message));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
    expect(stdout).toMatch(refused);
  });

  it('not in a child of a child', async () => {
    const grandchild = `require('net').connect(443, '1.1.1.1').on('error', (error) => console.log(error.message))`;
    const child = `console.log(String(require('child_process').execFileSync(process.execPath, ['-e', ${JSON.stringify(grandchild)}])))`;
    const { stdout } = await run(process.execPath, ['-e', child]);
    expect(stdout).toMatch(refused);
  });

  it('programs that are not Node.js are sent to a proxy that is not there', () => {
    expect(process.env).toMatchObject({ HTTPS_PROXY: 'http://127.0.0.1:9', https_proxy: 'http://127.0.0.1:9' });
  });
});

it('the set-up leaves no AWS_* variable but its own', () => {
  const left = Object.keys(process.env)
    .filter((name) => name.startsWith('AWS_'))
    .sort();
  expect(left).toEqual([
    'AWS_CONFIG_FILE',
    'AWS_EC2_METADATA_DISABLED',
    'AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED',
    'AWS_SHARED_CREDENTIALS_FILE',
  ]);
});
