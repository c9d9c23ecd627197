import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { launch, mainFile, run, scratch } from '../support/program.js';
import { served } from '../support/served.js';

const posix = process.platform !== 'win32';
const esc = '\u001b';

describe('without a terminal', () => {
  it('the screen is plain lines: no colour, no spinner, no carriage return', async () => {
    const { stdout, stderr } = await run(['symmetric', '--local']);
    expect(stderr).toBe('');
    expect(stdout).not.toContain(esc);
    expect(stdout).not.toContain('\r');
    expect(stdout).toMatch(
      /^Lab 1 · Symmetric encryption +embedded KMS\naccount 111122223333 · us-east-1 · as user\/lab\n/,
    );
  });

  it.each([
    ['NO_COLOR wins over FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '1' }, []],
    ['--no-color wins over FORCE_COLOR', { FORCE_COLOR: '1' }, ['--no-color']],
  ])('%s', async (_name, env, more) => {
    const { stdout } = await run(['symmetric', '--local', ...more], { env });
    expect(stdout).not.toContain(esc);
    expect((await run(['show', 'symmetric', ...more], { env })).stdout).not.toContain(esc);
  });

  it('--quiet: the summary only', async () => {
    const { code, stdout, stderr } = await runHere(['symmetric', '--local', '--quiet']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).not.toMatch(/it is Enabled|aws kms/);
    expect(stdout).toMatch(/^✔ proven {2}8 steps/m);
  });

  it("AWS's notice about old Node.js versions stays away, also over HTTP", async () => {
    const { env } = await served();
    const { stdout, stderr } = await run(['symmetric'], { env });
    expect(stdout + stderr).not.toMatch(/NodeDeprecation|no longer support|Warning/i);
  });

  it('no question is asked of a pipe', async () => {
    const { env } = await served();
    expect(await run(['symmetric'], { env, stdin: 'n\n' })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('what the program needs', () => {
  it('is no home directory: the state then lies below the temporary folder', async () => {
    const cwd = scratch();
    const env = { HOME: '', USERPROFILE: '', XDG_STATE_HOME: undefined, KMS_LAB_STATE: undefined, TMPDIR: cwd };
    expect(await run(['symmetric', '--local'], { cwd, env })).toMatchObject({ code: 0, stderr: '' });
    if (posix) expect(readdirSync(cwd).filter((name) => name.startsWith('kms-lab-'))).toHaveLength(2);
  });

  it.each([
    ['--state memory', ['--state', 'memory'], {}],
    ['KMS_LAB_STATE=memory', [], { KMS_LAB_STATE: 'memory' }],
  ])('is no folder for keys: with %s nothing stays, and nothing is said to stay', async (_how, args, env) => {
    const { code, stdout } = await runHere(['symmetric', '--local', ...args], { env });
    expect(code).toBe(0);
    expect(stdout).toContain('nothing stays: the keys were kept in memory, and are gone with this run');
    expect(stdout).not.toMatch(/left in place|kms-lab serve|kms-lab cleanup/);
  });

  it('is no AWS setting, and no AWS setting disturbs the embedded KMS', async () => {
    const env = {
      AWS_PROFILE: 'nobody',
      AWS_REGION: 'mars-1',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
      AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE',
      AWS_SECRET_ACCESS_KEY: 'x',
      AWS_SESSION_TOKEN: 'x',
      AWS_MAX_ATTEMPTS: 'many',
      AWS_USE_FIPS_ENDPOINT: 'true',
    };
    const { code, stdout, stderr } = await run(['symmetric', '--local'], { env });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('account 111122223333 · us-east-1');
  });
});

describe.skipIf(!posix)('a reader that goes away', () => {
  it.each(['list', 'show symmetric', 'symmetric --local', 'symmetric --local --json', '--help'])(
    'ends `%s | head -1` quietly',
    async (args) => {
      const script = `"${process.execPath}" "${mainFile}" ${args} | head -1; exit \${PIPESTATUS[0]}`;
      const { code, stdout, stderr } = await launch('bash', ['-c', script]).ended;
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.split('\n')).toHaveLength(2);
    },
  );
});
