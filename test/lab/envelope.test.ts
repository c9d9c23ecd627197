import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { open, type Sink, seal } from '../../labs/envelope/by-hand.js';
import { decodeHeader, headerFor, longestFile } from '../../labs/envelope/format.js';
import envelope from '../../labs/envelope/lab.js';
import { LabError } from '../../src/errors.js';
import { aboutDataKeys } from './lies/envelope.js';
import { aboutTheMachine, lyingMachine } from './lies/machine.js';
import { describeLies } from './lies/noticed.js';
import { at, openRoom, type Room, type Told, unhurried } from './room.js';

const posix = process.platform !== 'win32';
const quietly = () => ({ signal: new AbortController().signal, onProgress() {} });

let room: Room;
/** A file larger than one piece, so that much of it is written before its tag is looked at. */
const fileIn = (folder: string, bytes: number) => {
  const path = join(folder, 'mine.bin');
  writeFileSync(path, randomBytes(bytes));
  return path;
};
const fileOf = (bytes: number) => fileIn(room.cwd, bytes);
const left = () => readdirSync(join(room.cwd, 'kms-lab-files', 'envelope')).sort();

describe('envelope on the embedded KMS', () => {
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(envelope, { options: { file: fileOf(2_500_000) } });
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "5.1 passed: alias/kms-lab-envelope-key names it",
        "5.1 passed: its spec is SYMMETRIC_DEFAULT (AES-256-GCM)",
        "5.2 passed: the answer names the KMS key",
        "5.2 passed: the data key has 256 bits",
        "5.2 passed: it does not stand in its wrapped form",
        "5.2 passed: KMS unwraps it: the same key",
        "5.2 passed: in another context it does not",
        "5.2 passed: without a context it does not",
        "5.2 passed: asked again, KMS gives another data key",
        "5.2 passed: a data key for later comes wrapped, and is unwrapped when it is needed",
        "5.2 passed: it is a data key of its own",
        "5.3 passed: the envelope is longer by header and tag",
        "5.3 passed: its body is not the file",
        "5.3 passed: the buffer of the plaintext key is zeroed",
        "5.4 passed: the plaintext key does not stand in it",
        "5.4 passed: the tag is right: nothing was changed",
        "5.4 passed: what comes out has the same SHA-256",
        "5.5 passed: refused: a bit of the body",
        "5.5 passed: refused: a bit of the tag",
        "5.5 passed: refused: a bit of the header (its nonce)",
        "5.5 passed: refused: the end cut off",
        "5.5 passed: refused: a bit of the wrapped key",
        "5.5 passed: refused: another encryption context",
        "5.5 passed: none left an output, not even a temporary one",
        "5.6 passed: its message names the KMS key",
        "5.6 passed: it opens its message",
        "5.6 passed: what comes out is what went in",
        "5.6 passed: and says in which context",
        "5.6 passed: a message changed by one bit is refused",
        "5.7 passed: 20 files cost one GenerateDataKey",
        "5.7 passed: all carry the same wrapped key",
        "5.7 passed: each message has an id, and with it a key, of its own",
        "5.7 passed: each gives back its file",
        "5.7 passed: all are opened with one Decrypt",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 7, failed: 0, skipped: 0, notOffered: 0 },
      keys: [{ alias: 'alias/kms-lab-envelope-key', made: true }],
      files: 'kms-lab-files/envelope/',
    });
  });

  it('says who refused each change: KMS, or the tag', () => {
    const refused = told.of('claim').flatMap(({ claim, detail }) => (detail ? [`${claim}: ${detail}`] : []));
    expect(refused).toMatchInlineSnapshot(`
      [
        "in another context it does not: InvalidCiphertextException",
        "without a context it does not: InvalidCiphertextException",
        "refused: a bit of the body: NotAuthentic",
        "refused: a bit of the tag: NotAuthentic",
        "refused: a bit of the header (its nonce): NotAuthentic",
        "refused: the end cut off: NotAuthentic",
        "refused: a bit of the wrapped key: InvalidCiphertextException",
        "refused: another encryption context: InvalidCiphertextException",
        "a message changed by one bit is refused: NotAuthentic",
      ]
    `);
  });

  it('records the calls of the AWS Encryption SDK like its own, each as a line for the AWS CLI', () => {
    const asked = told.of('call').map(({ step, operation }) => `${step} ${operation}`);
    expect(asked.filter((call) => /^5\.[67]/.test(call))).toEqual([
      '5.6 GenerateDataKey',
      '5.6 Decrypt',
      '5.6 Decrypt',
      '5.7 GenerateDataKey',
      '5.7 Decrypt',
    ]);
    expect(room.asked).toHaveLength(told.end.calls);
    const lines = told.of('command').flatMap(({ line }) => (line.includes('aws kms') ? [line] : []));
    expect(lines).toHaveLength(told.end.calls);
    for (const line of lines) expect(line).toMatch(/^(ENVELOPE_KEY=\$\()?aws kms .*--region us-east-1/);
  });

  it('asks KMS six times for data keys, and never shows it a byte of the file', () => {
    const operations = told.of('call').map(({ operation }) => operation);
    expect(operations.filter((operation) => operation === 'GenerateDataKey')).toHaveLength(6);
    expect(operations).not.toContain('Encrypt');
  });

  it('leaves the file, its envelope and what came out of it, and no temporary file', () => {
    expect(left()).toMatchInlineSnapshot(`
      [
        "excerpt.bin",
        "excerpt.encrypted",
        "excerpt.sealed",
        "file.opened",
        "file.sealed",
        "later.bin",
        "manifest.json",
        "tampered-wrapped-key.bin",
        "tampered.sealed",
        "wrapped-data-key.bin",
        "wrapped-key-of-excerpt.bin",
        "wrapped-key-of-file.bin",
        "wrapped-key-of-message.bin",
        "wrapped-key-of-twenty.bin",
      ]
    `);
    const opened = readFileSync(join(room.cwd, 'kms-lab-files', 'envelope', 'file.opened'));
    expect(opened.equals(readFileSync(join(room.cwd, 'mine.bin')))).toBe(true);
  });

  it('passes again with the same key', async () => {
    const again = await room.run(envelope, { options: { file: fileOf(17) } });
    expect(again.claims('failed')).toEqual([]);
    expect(again.error).toBeUndefined();
    expect(again.end).toMatchObject({ outcome: 'passed', keys: [{ keyId: told.end.keys[0]?.keyId, made: false }] });
  });
});

describe('envelope', () => {
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('passes where KMS takes its time to know what was made', async () => {
    room.emulator.eventualConsistency(30_000);
    const time = unhurried((ms) => room.emulator.advance(ms));
    const told = await room.run(envelope, { options: { file: fileOf(1000) }, time });
    expect(told.claims('failed')).toEqual([]);
    expect(told.end.outcome).toBe('passed');
    expect(told.of('wait').length).toBeGreaterThan(0);
  });

  it('interrupted while it encrypts leaves no half file', async () => {
    const controller = new AbortController();
    const between = at('GenerateDataKey', 3, async ({ pass }) => {
      const answer = await pass();
      // Heard when the answer has been read, before the file is through.
      setImmediate(() => controller.abort(new LabError('interrupted', 'interrupted')));
      return answer;
    });
    const told = await room.run(envelope, { options: { file: fileOf(3_000_000) }, between, signal: controller.signal });
    expect(told.error).toMatchObject({ kind: 'interrupted' });
    expect(left().filter((name) => /sealed|part/.test(name))).toEqual([]);
  });

  it.each<[string, (path: string) => void]>([
    ['is not there', () => {}],
    ['has fewer than 16 bytes', (path) => writeFileSync(path, 'too small')],
    ...(posix ? [['has more than 68719476704 bytes', sparse] as [string, (path: string) => void]] : []),
  ])('refuses a file that %s before anything is made', async (why, make) => {
    const file = join(room.cwd, 'odd.bin');
    make(file);
    const told = await room.run(envelope, { options: { file } });
    expect(told.error).toMatchObject({ kind: 'usage', message: expect.stringContaining(why) });
    expect(room.asked).toEqual([]);
  });

  it('refuses a folder', async () => {
    const told = await room.run(envelope, { options: { file: room.cwd } });
    expect(told.error).toMatchObject({ kind: 'usage', message: expect.stringContaining('is not a plain file') });
  });
});

function sparse(path: string): void {
  writeFileSync(path, '');
  truncateSync(path, longestFile + 1);
}

describeLies(envelope, aboutDataKeys, {
  elsewhere: aboutTheMachine,
  options: ({ cwd }) => ({ file: fileIn(cwd, 1000) }),
});

describe('envelope fails on a machine that', () => {
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it.each(aboutTheMachine)('$lie', async (lying) => {
    const file = fileOf(1000);
    const { between, restore } = lyingMachine(lying, file);
    const told = await room.run(envelope, { between, options: { file } }).finally(restore);
    expect(told.claims('failed')).toEqual(lying.fails);
    expect(told.steps('skipped')).toEqual(lying.skips);
    expect(told.end.outcome).toBe('failed');
    expect(told.error).toBeUndefined();
  });
});

describe('the file format', () => {
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  /** Seals under a key of the embedded KMS; `opened` gives what comes out. */
  async function sealed(plaintext: Buffer) {
    const { KeyMetadata } = await room.kms.createKey({});
    const KeyId = KeyMetadata?.KeyId as string;
    const context = { tenant: 'ä' };
    const { Plaintext, CiphertextBlob } = await room.kms.generateDataKey({
      KeyId,
      KeySpec: 'AES_256',
      EncryptionContext: context,
    });
    const path = join(room.cwd, 'plain');
    writeFileSync(path, plaintext);
    const collect = async (work: (out: Sink) => Promise<void>) => {
      const parts: Uint8Array[] = [];
      await work({ write: async (...pieces) => void parts.push(...pieces.map((piece) => Uint8Array.from(piece))) });
      return Buffer.concat(parts);
    };
    const header = headerFor(CiphertextBlob as Uint8Array, context);
    const bytes = await collect((out) => seal(path, Plaintext as Uint8Array, header, out, quietly()));
    const opened = (changed: Buffer) => {
      writeFileSync(path, changed);
      const unwrap: Parameters<typeof open>[1] = (wrapped, EncryptionContext) =>
        room.kms.decrypt({ KeyId, CiphertextBlob: wrapped, EncryptionContext });
      return collect((out) => open(path, unwrap, out, quietly()));
    };
    return { bytes, opened, key: Plaintext as Uint8Array };
  }

  it.each([0, 1, 262_143, 262_144, 262_145, 1_048_576, 1_048_577, 3_000_000])(
    'gives back a file of %i bytes',
    async (size) => {
      const plaintext = randomBytes(size);
      const { bytes, opened, key } = await sealed(plaintext);
      expect((await opened(bytes)).equals(plaintext)).toBe(true);
      expect(key).toEqual(new Uint8Array(32));
    },
  );

  it('is as it is documented', async () => {
    const { bytes } = await sealed(Buffer.from('hello'));
    expect(bytes.subarray(0, 8).toString()).toBe('KMSLAB1\n');
    const wrapped = bytes.readUInt16BE(8);
    const context = bytes.readUInt16BE(10 + wrapped);
    const contextAt = 12 + wrapped;
    expect(JSON.parse(bytes.subarray(contextAt, contextAt + context).toString())).toEqual({ tenant: 'ä' });
    expect(bytes).toHaveLength(contextAt + context + 12 + 5 + 16);
    expect(decodeHeader(bytes).length).toBe(contextAt + context + 12);
  });

  it('refuses a change of any byte, and any cut', async () => {
    const { bytes, opened } = await sealed(Buffer.from('nothing of this comes out'));
    const refusal = /^(NotAuthentic|InvalidCiphertextException|IncorrectKeyException)$/;
    for (let at = 0; at < bytes.length; at++) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 0x20;
      await expect(opened(changed), `byte ${at}`).rejects.toMatchObject({ name: expect.stringMatching(refusal) });
      await expect(opened(bytes.subarray(0, at)), `cut at ${at}`).rejects.toMatchObject({ name: 'NotAuthentic' });
    }
    await expect(opened(Buffer.concat([bytes, Buffer.alloc(1)]))).rejects.toMatchObject({ name: 'NotAuthentic' });
  });
});
