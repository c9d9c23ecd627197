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
