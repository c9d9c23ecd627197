import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsKmsMrkAwareSymmetricKeyringNode, buildClient, CommitmentPolicy } from '@aws-crypto/client-node';
import { describe, expect, it } from 'vitest';
import { kmsAt, labKey, stateOf } from '../cleanup/lab-keys.js';
import { runHere as run } from '../support/here.js';
import { eventsOf, type Running, scratch, start } from '../support/program.js';
import { refusal, type Served, served } from '../support/served.js';

const posix = process.platform !== 'win32';
const alias = 'alias/kms-lab-envelope-key';
const plaintext = randomBytes(300_000);

/** A folder with a file in it, and the lab's key. */
async function bench(there?: Served) {
  const kms = there ?? (await served());
  const keyId = await labKey(kms, { tags: { 'kms-lab': 'envelope', 'kms-lab:alias': alias }, aliases: [alias] });
  const cwd = scratch();
  const at = (name: string) => join(cwd, name);
  writeFileSync(at('notes.txt'), plaintext);
  const tool = (...args: string[]) => run(['envelope', ...args], { cwd, env: kms.env });
  const names = () =>
    readdirSync(cwd)
      .filter((name) => name !== '.xdg')
      .sort();
  return { kms, keyId, cwd, at, tool, names, arn: `arn:aws:kms:us-east-1:111122223333:key/${keyId}` };
}

/** The library by itself, as anybody uses it. */
function bare(kms: Served, keyId: string) {
  const { encrypt, decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const client = kmsAt(kms) as unknown as ConstructorParameters<typeof AwsKmsMrkAwareSymmetricKeyringNode>[0]['client'];
  const keyring = new AwsKmsMrkAwareSymmetricKeyringNode({ keyId, client });
  return {
    encrypt: async (bytes: Uint8Array, encryptionContext = {}) =>
      (await encrypt(keyring, bytes, { encryptionContext })).result,
    decrypt: (bytes: Uint8Array) => decrypt(keyring, bytes),
  };
}

describe('kms-lab envelope encrypt', () => {
  it('writes what any AWS Encryption SDK opens, with its context', async () => {
    const { kms, tool, at, names, arn } = await bench();
    const { code, stdout, stderr } = await tool('encrypt', 'notes.txt', '--context', 'project=x', '--context', 'a=b=c');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(names()).toEqual(['notes.txt', 'notes.txt.encrypted']);
    const { plaintext: opened, messageHeader } = await bare(kms, arn).decrypt(readFileSync(at('notes.txt.encrypted')));
    expect(opened.equals(plaintext)).toBe(true);
    expect(messageHeader.encryptionContext).toMatchObject({ project: 'x', a: 'b=c' });
    expect(stdout.replace(/\s+/g, ' ')).toContain(`encrypted under ${alias} · context project=x, a=b=c`);
    if (posix) expect(statSync(at('notes.txt.encrypted')).mode & 0o777).toBe(0o600);
    expect(kms.asked).toEqual(['sts', 'DescribeKey', 'GenerateDataKey']);
  });

  it('says that cleanup would make the file unreadable, unless the key is the user’s own', async () => {
    const { kms, tool, keyId } = await bench();
    expect((await tool('encrypt', 'notes.txt')).stdout.replace(/\s+/g, ' ')).toContain(
      'cleanup would make it unreadable',
    );
    const { KeyMetadata } = await kmsAt(kms).createKey({});
    const own = await tool('encrypt', 'notes.txt', '-o', 'own', '--key-id', KeyMetadata?.Arn as string, '--json');
    expect(eventsOf(own.stdout)).toEqual([
      expect.objectContaining({
        type: 'envelope:encrypt',
        keyArn: KeyMetadata?.Arn,
        context: {},
        bytes: expect.any(Number),
      }),
    ]);
    expect(own.stdout).not.toContain(keyId);
    expect(own.stdout).not.toContain('warning');
  });

  it('never replaces a file without --force', async () => {
    const { tool, at, names, kms } = await bench();
    writeFileSync(at('notes.txt.encrypted'), 'precious');
    const before = kms.asked.length;
    const { code, stdout, stderr } = await tool('encrypt', 'notes.txt');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(
      /^kms-lab: error: .*notes\.txt\.encrypted is there already\nkms-lab: hint: add --force .*\n$/,
    );
    expect(kms.asked).toHaveLength(before);
    expect(readFileSync(at('notes.txt.encrypted'), 'utf8')).toBe('precious');
    expect((await tool('encrypt', 'notes.txt', '--force', '--quiet')).stdout).toBe('');
    expect(statSync(at('notes.txt.encrypted')).size).toBeGreaterThan(plaintext.length);
    expect(names()).toEqual(['notes.txt', 'notes.txt.encrypted']);
  });

  it('says to run the lab first when there is no key', async () => {
    const { env } = await served();
    const cwd = scratch();
    writeFileSync(join(cwd, 'a'), 'a');
    const { code, stderr } = await run(['envelope', 'encrypt', 'a', '--namespace', 'ann'], { cwd, env });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(
        /^kms-lab: error: there is no alias\/kms-lab-ann-envelope-key .*\nkms-lab: hint: run `kms-lab envelope` .*\n$/,
      ),
    });
    expect(readdirSync(cwd)).toEqual(['a']);
  });

  it.each([
    [['encrypt', 'missing'], 'missing is not there'],
    [['encrypt', '.'], '. is not a plain file'],
    [['encrypt', 'notes.txt', '-o', 'no/such/folder/out'], "can't write no/such/folder/out: ENOENT"],
    [['encrypt', 'notes.txt', '-o', '.', '--force'], 'is not a plain file'],
    [['encrypt', 'notes.txt', '--context', 'project'], 'Write it like project=masterclass'],
    [['encrypt', 'notes.txt', '--context', 'a=1', '--context', 'a=2'], '"a" is there twice'],
    [['encrypt', 'notes.txt', '--context', 'aws-crypto-x=1'], 'belong to the library'],
    [['--local', 'encrypt', 'notes.txt'], "--local before the tool's name"],
    [['encrypt'], "missing required argument 'file'"],
  ])('%j: exit 2', async (args, message) => {
    const { tool, names } = await bench();
    const { code, stdout, stderr } = await tool(...args);
    expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: '', stderr: expect.stringContaining(message) });
    expect(names()).toEqual(['notes.txt']);
  });

  it.each([
    ['NotFoundException', 2],
    ['AccessDeniedException', 4],
    ['DisabledException', 4],
  ])('KMS answers %s: exit %i, and nothing is written', async (name, exit) => {
    const there = await served((operation) => (operation === 'GenerateDataKey' ? refusal(name, 'Not so.') : undefined));
    const { tool, names } = await bench(there);
    const { code, stderr } = await tool('encrypt', 'notes.txt');
    expect({ code, stderr }).toEqual({
      code: exit,
      stderr: expect.stringMatching(/^kms-lab: error: Not so\.\nkms-lab: hint: .+\n$/),
    });
    expect(names()).toEqual(['notes.txt']);
  });
});

describe('kms-lab envelope decrypt', () => {
  it('opens what any AWS Encryption SDK wrote, by the alias or the ARN of its key', async () => {
    const { kms, tool, at, arn, names } = await bench();
    writeFileSync(at('theirs.encrypted'), await bare(kms, arn).encrypt(plaintext, { project: 'x' }));
    const { code, stdout } = await tool('decrypt', 'theirs.encrypted', '--context', 'project=x', '--json');
    expect(code).toBe(0);
    expect(eventsOf(stdout)).toMatchObject([
      { type: 'envelope:decrypt', context: { project: 'x' }, bytes: plaintext.length },
    ]);
    expect(readFileSync(at('theirs')).equals(plaintext)).toBe(true);
    expect((await tool('decrypt', 'theirs.encrypted', '-o', 'again', '--key-id', arn)).code).toBe(0);
    expect(readFileSync(at('again')).equals(plaintext)).toBe(true);
    expect(names()).toEqual(['again', 'notes.txt', 'theirs', 'theirs.encrypted']);
  });

  it('an empty file comes back empty', async () => {
    const { tool, at } = await bench();
    writeFileSync(at('notes.txt'), '');
    expect((await tool('encrypt', 'notes.txt')).code).toBe(0);
    expect((await tool('decrypt', 'notes.txt.encrypted', '-o', 'out')).code).toBe(0);
    expect(statSync(at('out')).size).toBe(0);
  });

  it.each<[string, (message: Buffer) => Buffer, string[], RegExp]>([
    ['changed in its body', (message) => flip(message, message.length >> 1), [], /unable to authenticate data/],
    [
      'changed in its context',
      (message) => flip(message, message.indexOf('tenant') + 8),
      [],
      /KMS refuses its data key \(InvalidCiphertextException\)/,
    ],
    ['in another context', (message) => message, ['--context', 'tenant=b'], /context is not the one asked for: tenant/],
  ])('refuses a message %s: exit 1, nothing is written', async (_what, change, args, why) => {
    const { kms, tool, at, arn, names } = await bench();
    writeFileSync(at('theirs.encrypted'), change(await bare(kms, arn).encrypt(plaintext, { tenant: 'a' })));
    const { code, stdout, stderr } = await tool('decrypt', 'theirs.encrypted', ...args);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^kms-lab: error: theirs\.encrypted can't be decrypted: .+\nkms-lab: hint: .+\n$/);
    expect(stderr).toMatch(why);
    expect(names()).toEqual(['notes.txt', 'theirs.encrypted']);
  });

  it('refuses a message under another key, and names that key', async () => {
    const { kms, tool, at, arn, names } = await bench();
    const other = (await kmsAt(kms).createKey({})).KeyMetadata?.Arn as string;
    writeFileSync(at('theirs.encrypted'), await bare(kms, other).encrypt(plaintext));
    const before = kms.asked.filter((operation) => operation === 'Decrypt').length;
    const { code, stderr } = await tool('decrypt', 'theirs.encrypted');
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`not encrypted under ${arn} but under ${other}`),
    });
    expect(kms.asked.filter((operation) => operation === 'Decrypt')).toHaveLength(before);
    expect(names()).toEqual(['notes.txt', 'theirs.encrypted']);
  });
});

const flip = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe.skipIf(!posix)('Ctrl-C', () => {
  it('in the middle of a large file leaves nothing: exit 130', async () => {
    const { kms, cwd, at, names } = await bench();
    truncateSync(at('notes.txt'), 4 * 2 ** 30); // takes no room on the disk, and far longer than this test
    const running = start(['envelope', 'encrypt', 'notes.txt'], { cwd, env: kms.env });
    const part = () => names().find((name) => name.endsWith('.part'));
    while (!part() || statSync(at(part() as string)).size < 2 ** 20)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    const { code, stdout, stderr } = await running.ended;
    expect({ code, stdout }).toEqual({ code: 130, stdout: '' });
    expect(stderr).toMatch(
      /\nkms-lab: error: interrupted by SIGINT\nkms-lab: hint: nothing was written; run it again\n$/,
    );
    expect(names()).toEqual(['notes.txt']);
    expect(existsSync(at('.xdg'))).toBe(false);
  });

  it.each([
    ['encrypt', 'notes.txt', 'GenerateDataKey'],
    ['decrypt', 'theirs.encrypted', 'Decrypt'],
  ])('once or twice while KMS is asked, %s leaves nothing', async (action, file, waits) => {
    for (const times of [1, 2]) {
      let running: Running | undefined;
      let release = () => {};
      const held = new Promise<void>((resolve) => {
        release = resolve;
      });
      const there = await served(async (operation) => {
        if (operation !== waits || !running) return undefined;
        running.child.kill('SIGINT');
        await running.says('stderr', 'finishing the call in flight');
        if (times === 1) return undefined;
        running.child.kill('SIGINT');
        await held;
        return undefined;
      });
      const { kms, cwd, at, names, arn } = await bench(there);
      writeFileSync(at('theirs.encrypted'), await bare(kms, arn).encrypt(plaintext));
      running = start(['envelope', action, file], { cwd, env: kms.env });
      const { code, signal } = await running.ended;
      release();
      expect({ code, signal }).toEqual(times === 1 ? { code: 130, signal: null } : { code: null, signal: 'SIGINT' });
      expect(names()).toEqual(['notes.txt', 'theirs.encrypted']);
    }
  });
});

describe('cleanup', () => {
  const cleanup = ({ kms, cwd }: Awaited<ReturnType<typeof bench>>, ...args: string[]) =>
    run(['cleanup', '--yes', '--region', 'us-east-1', ...args], { cwd, env: kms.env });

  it('leaves the key of a file alone while the file is there', async () => {
    const one = await bench();
    const { kms, keyId, tool, at } = one;
    await tool('encrypt', 'notes.txt');
    const { code, stdout } = await cleanup(one, '--json');
    expect(code).toBe(0);
    expect(eventsOf(stdout).find(({ type }) => type === 'cleanup:skip')).toMatchObject({
      keyId,
      why: 'opens files',
      reason: `opens a file that you encrypted: ${at('notes.txt.encrypted')} (--lose-files)`,
    });
    expect(await stateOf(kms, keyId)).toBe(`Enabled ${alias}`);
    expect((await tool('decrypt', 'notes.txt.encrypted', '-o', 'out')).code).toBe(0);
    renameSync(at('notes.txt.encrypted'), at('moved'));
    expect((await cleanup(one)).code).toBe(0);
    expect(await stateOf(kms, keyId)).toBe('PendingDeletion');
  });

  it('takes it with --lose-files, and the file can be read no more', async () => {
    const one = await bench();
    const { kms, keyId, tool } = one;
    await tool('encrypt', 'notes.txt', '--key-id', keyId);
    expect((await cleanup(one, '--lose-files')).code).toBe(0);
    expect(await stateOf(kms, keyId)).toBe('PendingDeletion');
    expect(await tool('decrypt', 'notes.txt.encrypted', '-o', 'out', '--key-id', keyId)).toMatchObject({
      code: 4,
      stderr: expect.stringContaining('pending deletion'),
    });
  });

  it('knows files of the embedded KMS by the folder that holds its keys', async () => {
    const cwd = scratch();
    writeFileSync(join(cwd, 'notes.txt'), plaintext);
    const at = { cwd, env: { KMS_LAB_STATE: undefined } };
    const local = (...args: string[]) => run([...args, '--local', '--state', 'world'], at);
    await local('envelope', '--file', 'notes.txt', '--quiet');
    expect((await local('envelope', 'encrypt', 'notes.txt')).code).toBe(0);
    expect(existsSync(join(cwd, 'world', 'encrypted-files'))).toBe(true);
    const { stdout } = await local('cleanup', '--json', '--region', 'us-east-1');
    expect(eventsOf(stdout).at(-1)).toMatchObject({ type: 'cleanup:end', keys: 0 });
    const lost = await local('cleanup', '--lose-files', '--json', '--region', 'us-east-1');
    expect(eventsOf(lost.stdout).at(-1)).toMatchObject({ type: 'cleanup:end', keys: 1 });
  });
});
