import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { STS } from '@aws-sdk/client-sts';
import { describe, expect, it } from 'vitest';
import { kmsAt } from '../cleanup/lab-keys.js';
import { runHere } from '../support/here.js';
import { type Ended, scratch } from '../support/program.js';
import { served } from '../support/served.js';
import '../support/quick-rsa.js';
import { Canaries } from './canaries.js';

/** What the embedded KMS keeps of temporary credentials: it could not verify a signature without. */
const credentials = /^STS answered/;

/** The program as a CI job starts it, with temporary credentials, every report, `--debug`, and a file of the learner's. */
async function everythingWritten() {
  const canaries = new Canaries();
  const cwd = scratch();
  const state = scratch();
  const collect: Parameters<typeof served>[0] = async (_operation, request, honest) => {
    const answer = await honest();
    canaries.collect(request, answer);
    return answer;
  };
  const there = await served(collect, { state: { dir: state } });
  const sts = new STS({
    region: 'us-east-1',
    endpoint: there.url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Credentials } = await sts.getSessionToken({});
  sts.destroy();
  const mine = randomBytes(100_000);
  canaries.add('the file of the learner', mine);
  writeFileSync(join(cwd, 'mine.bin'), mine);
  mkdirSync(join(cwd, 'tmp'));
  const env = {
    ...there.env,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId,
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey,
    AWS_SESSION_TOKEN: Credentials?.SessionToken,
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: join(cwd, 'summary.md'),
    ...Object.fromEntries(['TMPDIR', 'TEMP', 'TMP', 'HOME'].map((name) => [name, join(cwd, 'tmp')])),
  };
  const reports = ['junit', 'markdown', 'html'].flatMap((format) => [`--${format}`, `report.${format}`]);
  const roles = ['admin', 'app'].flatMap((role) => [`--${role}-role`, `arn:aws:iam::111122223333:role/${role}`]);
  const ended: Ended[] = [];
  for (const args of [
    ['all', '--parallel', '--file', 'mine.bin', '--debug', ...roles, ...reports],
    ['symmetric', '--json', '--debug'],
    ['status', '--json'],
    ['cleanup', '--dry-run', '--json'],
    ['cleanup', '--yes', '--lab', 'grants', '--debug'],
  ])
    ended.push(await runHere(args, { cwd, env }));
  return { canaries, cwd, state, there, ended };
}

/** What labs leave on purpose: the files of the learner. */
const learners = ['kms-lab-files', 'mine.bin'];

describe('All that the program wrote', () => {
  it('holds no plaintext, no data key, no credential and no token in any spelling', async () => {
    const { canaries, cwd, state, there, ended } = await everythingWritten();
    expect(
      ended.map(({ code }) => code),
      ended.map(({ stderr }) => stderr).join('\n'),
    ).toEqual([0, 0, 0, 0, 0]);
    for (const report of ['report.junit', 'report.markdown', 'report.html', 'summary.md'])
      expect(readFileSync(join(cwd, report), 'utf8')).toMatch(/Symmetric encryption|kms-lab\.symmetric/);

    for (const { stdout, stderr } of ended) expect(canaries.in(stdout + stderr)).toEqual([]);
    expect(canaries.below(cwd, learners)).toEqual([]);

    // Every kind of secret has passed and was looked for.
    for (const kind of [
      /Encrypt asked Plaintext/,
      /GenerateDataKey answered Plaintext/,
      /GrantToken/,
      /SecretAccessKey/,
      /SessionToken/,
    ])
      expect([...canaries.kinds]).toContainEqual(expect.stringMatching(kind));

    // The embedded KMS keeps key material and sessions, and of what was asked only what CloudTrail would.
    there.emulator.trail.flush();
    expect(canaries.below(state, [], credentials)).toEqual([]);
    const trail = JSON.stringify([...there.emulator.trail.events()]);
    expect(trail).toContain('GenerateDataKey');
    expect(canaries.in(trail)).toEqual([]);

    // The search does see into all of it.
    const secret = randomBytes(32);
    canaries.add('planted', secret);
    for (const folder of [cwd, join(cwd, 'tmp')]) {
      writeFileSync(join(folder, 'leak.log'), secret.toString('base64'));
      expect(canaries.below(cwd, learners)).toEqual([`${join(folder, 'leak.log')}: planted`]);
      rmSync(join(folder, 'leak.log'));
    }
    await kmsAt(there).createKey({ Description: secret.toString('base64') });
    expect(canaries.below(state, [], credentials)).toContainEqual(expect.stringMatching(/: planted$/));
  }, 180_000);
});
