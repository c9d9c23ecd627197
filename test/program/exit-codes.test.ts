import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runHere } from '../support/here.js';
import { type Ended, scratch } from '../support/program.js';
import { closedPort, keys, refusal, served, stsRefusal } from '../support/served.js';

/** One error line, one hint line, no stack; and a code. */
function said({ code, stderr }: Ended): { code: number | null; error: string; hint: string } {
  const match = /^kms-lab: error: (.+)\nkms-lab: hint: (.+)\n$/.exec(stderr);
  if (!match) throw new Error(`not an error and a hint: ${stderr}`);
  return { code, error: match[1] ?? '', hint: match[2] ?? '' };
}

describe('exit 0', () => {
  it.each([[['--help']], [['--version']], [['list']], [['show', 'symmetric']], [['symmetric', '--help']], [[]]])(
    '%j',
    async (args) => {
      const { code, stdout, stderr } = await runHere(args);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).not.toBe('');
    },
  );

  it('a lab that is proven says nothing on stderr', async () => {
    const { code, stdout, stderr } = await runHere(['symmetric', '--local']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✔ proven {2}8 steps · 25 claims · 19 calls/m);
  });

  it('over HTTP, with the credentials of the environment', async () => {
    const { env } = await served();
    expect(await runHere(['symmetric'], { env })).toMatchObject({ code: 0, stderr: '' });
  });
});

describe('exit 2, before anything was asked or made', () => {
  it.each([
    ['an unknown command', ['symetric'], "unknown command 'symetric' (Did you mean symmetric?)"],
    ['an unknown option', ['list', '--jsn'], "unknown option '--jsn' (Did you mean --json?)"],
    ['an unknown lab', ['show', 'symetric'], '"symetric" is none of symmetric, asymmetric'],
    ['a Region', ['symmetric', '--local', '--region', 'us-est-1'], '"us-est-1" (--region) is not an AWS Region'],
    ['a namespace', ['symmetric', '--local', '--namespace', 'Ann!'], "'Ann!' is invalid"],
    ['two targets', ['symmetric', '--local', '--endpoint-url', 'http://127.0.0.1:1'], 'exclude each other'],
    ['local and a profile', ['symmetric', '--local', '--profile', 'ann'], 'exclude each other'],
    ['a URL', ['symmetric', '--endpoint-url', '127.0.0.1:80'], 'is not the http(s) URL of a server'],
    ['an account', ['symmetric', '--local', '--expect-account', '42'], 'is not an AWS account ID'],
    ['another account', ['symmetric', '--local', '--expect-account', '999999999999'], 'not the expected 999999999999'],
    ['a port', ['serve', '--port', 'eighty'], "'eighty' is invalid"],
    ['a state without --local', ['symmetric', '--state', 'x'], '--state goes with --local'],
  ])('%s', async (_name, args, message) => {
    const ended = await runHere(args);
    expect(ended.stdout).toBe('');
    expect(said(ended)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });

  it('an account that the environment expects', async () => {
    const ended = await runHere(['symmetric', '--local'], { env: { KMS_LAB_ACCOUNT: '999999999999' } });
    expect(said(ended)).toMatchObject({
      code: 2,
      error: 'this is account 111122223333, not the expected 999999999999',
    });
    expect(ended.stdout).toBe('');
  });

  it('cleanup elsewhere than on the embedded KMS, and nobody to confirm', async () => {
    const { env, asked } = await served();
    await runHere(['symmetric'], { env });
    const ended = await runHere(['cleanup'], { env });
    expect(said(ended)).toMatchObject({ code: 2, error: 'cleanup needs a confirmation: nothing was done' });
    expect(asked).not.toContain('ScheduleKeyDeletion');
  });
});

describe('exit 2, when the run meets', () => {
  it('a folder that cannot be written', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'kms-lab-files'), 'in the way');
    const ended = await runHere(['symmetric', '--local'], { cwd });
    expect(said(ended)).toMatchObject({ code: 2, error: expect.stringContaining('kms-lab-files') });
  });

  it("a file of the learner's own, which stays as it is", async () => {
    const cwd = scratch();
    mkdirSync(join(cwd, 'kms-lab-files/symmetric'), { recursive: true });
    writeFileSync(join(cwd, 'kms-lab-files/symmetric/encrypted-data.bin'), 'mine');
    expect(said(await runHere(['symmetric', '--local'], { cwd })).error).toMatch(/was not made by kms-lab$/);
  });
});

describe('exit 3', () => {
  it('no credentials: says so at once, with the ways out', async () => {
    const ended = await runHere(['symmetric']);
    expect(said(ended)).toEqual({
      code: 3,
      error: 'no AWS credentials found',
      hint: expect.stringMatching(/aws configure sso.*AWS_PROFILE.*--local/),
    });
    expect(ended.stdout).toBe('');
  });

  it.each(['ExpiredToken', 'InvalidClientTokenId'])('credentials that STS refuses: %s', async (code) => {
    const { env, asked } = await served((operation) => (operation === 'sts' ? stsRefusal(code) : undefined));
    const ended = await runHere(['symmetric'], { env });
    expect(said(ended)).toMatchObject({ code: 3, error: expect.stringContaining(code) });
    expect(ended.stdout).toBe('');
    expect(new Set(asked)).toEqual(new Set(['sts']));
  });

  it('an access key that the embedded KMS does not know', async () => {
    const { env } = await served();
    expect(
      said(await runHere(['symmetric'], { env: { ...env, AWS_ACCESS_KEY_ID: 'AKIAIOSFODNN7EXAMPLE' } })).code,
    ).toBe(3);
  });

  it('credentials that expire during the run', async () => {
    const { env } = await served((operation) =>
      operation === 'Decrypt' ? refusal('ExpiredTokenException') : undefined,
    );
    expect(said(await runHere(['symmetric'], { env }))).toMatchObject({
      code: 3,
      error: expect.stringMatching(/^1\.3 /),
    });
  });
});

describe('exit 4', () => {
  it.each(['AccessDeniedException', 'LimitExceededException'])('%s', async (name) => {
    const { env, asked } = await served((operation) =>
      operation === 'CreateKey' ? refusal(name, 'not you') : undefined,
    );
    const ended = await runHere(['symmetric'], { env });
    expect(said(ended)).toMatchObject({ code: 4, error: '1.1 Create a symmetric key: not you' });
    expect(asked.filter((operation) => operation === 'CreateKey')).toHaveLength(1);
  });
});

describe('exit 5', () => {
  it('a refused connection', async () => {
    const url = `http://127.0.0.1:${await closedPort()}`;
    const ended = await runHere(['symmetric', '--endpoint-url', url], { env: keys });
    expect(said(ended)).toMatchObject({ code: 5, error: expect.stringContaining(`cannot reach ${url}`) });
    expect(ended.stdout).toBe('');
  });

  it('a server that answers 500 to the end', async () => {
    const { env } = await served((operation) =>
      operation === 'DescribeKey' ? refusal('KMSInternalException', 'Try later.', 500) : undefined,
    );
    expect(said(await runHere(['symmetric'], { env })).code).toBe(5);
  });

  it.each([200, 404, 502])('a page of HTML, status %i', async (status) => {
    const headers = { 'content-type': 'text/html' };
    const { env } = await served(() => ({ status, headers, body: '<!doctype html><html>hello</html>' }));
    const ended = await runHere(['symmetric'], { env });
    expect(said(ended).code).toBe(5);
    expect(ended.stderr).not.toContain('<html>');
  });
});
