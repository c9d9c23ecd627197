import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { requestHandler } from '../../src/emulator/handler.js';
import { shorten } from '../../src/report/clean.js';
import { runHere } from '../support/here.js';
import { eventsOf, run, scratch } from '../support/program.js';
import { type Served, served } from '../support/served.js';

type Key = { keyId: string; made: boolean; alias: string };

/** Run the lab and give its keys, those it left behind, and its end. */
async function lab({ env }: Served, cwd: string, ...args: string[]) {
  const ended = await runHere(['symmetric', '--json', ...args], { cwd, env });
  const events = eventsOf(ended.stdout);
  const { keys, older } = events.find(({ type }) => type === 'lab:end') as unknown as { keys: Key[]; older: Key[] };
  const [key] = keys;
  if (!key) throw new Error(ended.stderr);
  return { ...ended, key, older, end: events.at(-1) as unknown as { cleanup?: Record<string, Key[]> } };
}

/** What the server itself says. */
const askAt = ({ emulator }: Served) =>
  new KMS({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: requestHandler(emulator),
  });

async function stateOf(there: Served, KeyId: string) {
  return (await askAt(there).describeKey({ KeyId })).KeyMetadata?.KeyState;
}

async function aliases(there: Served) {
  const { Aliases = [] } = await askAt(there).listAliases({});
  return Aliases.flatMap(({ AliasName, TargetKeyId }) => (TargetKeyId ? [[AliasName, TargetKeyId]] : []));
}

describe('run again', () => {
  it('uses its key again', async () => {
    const [there, cwd] = [await served(), scratch()];
    const first = await lab(there, cwd);
    const second = await lab(there, cwd);
    expect([first.key.made, second.key.made]).toEqual([true, false]);
    expect(second.key.keyId).toBe(first.key.keyId);
    expect(there.asked.filter((operation) => operation === 'CreateKey')).toHaveLength(1);
  });

  it('--fresh makes a new key, moves the alias, and names the older key', async () => {
    const [there, cwd] = [await served(), scratch()];
    const first = await lab(there, cwd);
    const second = await lab(there, cwd, '--fresh');
    expect(second).toMatchObject({ code: 0, key: { made: true }, older: [{ keyId: first.key.keyId, monthlyUsd: 1 }] });
    expect(await aliases(there)).toEqual([['alias/kms-lab-symmetric-key', second.key.keyId]]);
    expect(await stateOf(there, first.key.keyId)).toBe('Enabled');
    const screen = await runHere(['symmetric', '--fresh'], { cwd, env: there.env });
    expect(screen.stdout).toContain(second.key.keyId);
  });

  it('with the state of --local, in another process, it is the same world', async () => {
    const cwd = scratch();
    await run(['symmetric', '--local'], { cwd });
    expect((await run(['symmetric', '--local'], { cwd })).stdout).toContain('the key of an earlier run is used again');
  });
});

describe('--cleanup', () => {
  it('schedules the deletion of what the run made; the next run makes a new key', async () => {
    const [there, cwd] = [await served(), scratch()];
    const first = await lab(there, cwd, '--cleanup');
    expect(first).toMatchObject({ code: 0, stderr: '', end: { cleanup: { scheduled: [{ keyId: first.key.keyId }] } } });
    expect(await stateOf(there, first.key.keyId)).toBe('PendingDeletion');
    const second = await lab(there, cwd);
    expect(second).toMatchObject({ code: 0, key: { made: true } });
    expect(second.key.keyId).not.toBe(first.key.keyId);
  });

  it('leaves a key that the run only used again', async () => {
    const [there, cwd] = [await served(), scratch()];
    const first = await lab(there, cwd);
    const second = await lab(there, cwd, '--cleanup');
    expect(second).toMatchObject({ code: 0, key: { made: false }, end: { cleanup: { scheduled: [], failed: [] } } });
    expect(await stateOf(there, first.key.keyId)).toBe('Enabled');
    expect((await runHere(['symmetric', '--cleanup'], { cwd, env: there.env })).stdout).toMatch(
      /stays|left in place|kept/,
    );
  });

  it('cleans up after a failure too', async () => {
    const there = await served((operation) =>
      operation === 'Decrypt' ? { status: 400, headers: {}, body: refused } : undefined,
    );
    const { code, key } = await lab(there, scratch(), '--cleanup');
    expect(code).toBe(4);
    expect(await stateOf(there, key.keyId)).toBe('PendingDeletion');
  });
});

const refused = '{"__type":"AccessDeniedException","message":"not you"}';

describe('cleanup', () => {
  it('removes keys, alias and files; does nothing the second time; then the lab runs as on the first day', async () => {
    const [there, cwd] = [await served(), scratch()];
    const { key } = await lab(there, cwd);
    expect(statSync(join(cwd, 'kms-lab-files/symmetric/encrypted-data.bin')).mode & 0o777).toBe(0o600);
    const cleanup = () => runHere(['cleanup', '--yes'], { cwd, env: there.env });
    expect(await cleanup()).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining(shorten(key.keyId)) });
    expect(await stateOf(there, key.keyId)).toBe('PendingDeletion');
    expect(await aliases(there)).toEqual([]);
    expect(existsSync(join(cwd, 'kms-lab-files'))).toBe(false);
    expect(await cleanup()).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringContaining('nothing to remove'),
    });
    expect((await lab(there, cwd)).key).toMatchObject({ made: true });
  });

  it('removes no file unasked either, where only files are left', async () => {
    const [there, cwd] = [await served(), scratch()];
    await lab(there, cwd);
    const elsewhere = ['cleanup', '--region', 'eu-west-1'];
    expect(await runHere(elsewhere, { cwd, env: there.env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cleanup needs a confirmation: nothing was done'),
    });
    expect(existsSync(join(cwd, 'kms-lab-files/symmetric/encrypted-data.bin'))).toBe(true);
    expect(await runHere([...elsewhere, '--yes'], { cwd, env: there.env })).toMatchObject({ code: 0, stderr: '' });
    expect(existsSync(join(cwd, 'kms-lab-files'))).toBe(false);
  });

  it('--dry-run changes nothing', async () => {
    const [there, cwd] = [await served(), scratch()];
    const { key } = await lab(there, cwd);
    expect(await runHere(['cleanup', '--dry-run'], { cwd, env: there.env })).toMatchObject({ code: 0, stderr: '' });
    expect(await stateOf(there, key.keyId)).toBe('Enabled');
    expect(existsSync(join(cwd, 'kms-lab-files'))).toBe(true);
  });
});

describe('in a shared account', () => {
  it('a namespace has names and tags of its own', async () => {
    const there = await served();
    const ann = await lab(there, scratch(), '--namespace', 'alice');
    const other = await lab(there, scratch());
    expect(Object.fromEntries(await aliases(there))).toEqual({
      'alias/kms-lab-alice-symmetric-key': ann.key.keyId,
      'alias/kms-lab-symmetric-key': other.key.keyId,
    });
    const { Tags } = await askAt(there).listResourceTags({ KeyId: ann.key.keyId });
    expect(Tags).toContainEqual({ TagKey: 'kms-lab:namespace', TagValue: 'alice' });
    await runHere(['cleanup', '--yes', '--namespace', 'alice'], { env: there.env });
    expect(await stateOf(there, other.key.keyId)).toBe('Enabled');
    expect(await stateOf(there, ann.key.keyId)).toBe('PendingDeletion');
  });

  it('an alias of somebody else is left alone: exit 2, and --namespace is the way out', async () => {
    const there = await served();
    const kms = askAt(there);
    const { KeyMetadata } = await kms.createKey({});
    await kms.createAlias({ AliasName: 'alias/kms-lab-symmetric-key', TargetKeyId: KeyMetadata?.KeyId as string });
    const { code, stderr } = await runHere(['symmetric'], { env: there.env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^kms-lab: error: .*a key that kms-lab did not make .*\nkms-lab: hint: .*--namespace.*\n$/);
    expect(there.asked).not.toContain('CreateKey');
    expect(await aliases(there)).toEqual([['alias/kms-lab-symmetric-key', KeyMetadata?.KeyId]]);
  });

  it("another owner's lab key is left alone, and cleanup says why it skips it", async () => {
    const there = await served();
    const { key } = await lab(there, scratch());
    const Tags = [{ TagKey: 'kms-lab:owner', TagValue: 'arn:aws:iam::111122223333:user/bob' }];
    await askAt(there).tagResource({ KeyId: key.keyId, Tags });
    const { code, stderr } = await runHere(['symmetric'], { env: there.env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/a key of arn:aws:iam::111122223333:user\/bob.*\nkms-lab: hint: .*--namespace/);
    const cleaned = await runHere(['cleanup', '--yes'], { env: there.env });
    expect(cleaned).toMatchObject({ code: 0, stdout: expect.stringContaining('1 kms-lab key of bob: not yours') });
    expect(await stateOf(there, key.keyId)).toBe('Enabled');
  });
});
