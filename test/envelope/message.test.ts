import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildClient, CommitmentPolicy, KmsKeyringNode } from '@aws-crypto/client-node';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { decryptFile, encryptFile } from '../../src/envelope/message.js';
import { openOutput } from '../../src/files/output.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

const plaintext = randomBytes(200_000);
type Provider = NonNullable<NonNullable<ConstructorParameters<typeof KmsKeyringNode>[0]>['clientProvider']>;

let on: KmsUnderTest;
let dir: string;
let keyArn: string;
beforeEach(async () => {
  on = await kmsUnderTest();
  dir = mkdtempSync(join(tmpdir(), 'kms-lab-message-'));
  keyArn = (await on.kms.createKey({})).KeyMetadata?.Arn as string;
});
afterEach(async () => {
  rmSync(dir, { recursive: true, force: true });
  await on.close();
});

/** Another programmer with the same key: the library, and nothing of ours. */
async function theirs(bytes: Uint8Array, encryptionContext = {}, frameLength = 4096): Promise<Buffer> {
  const { encrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_REQUIRE_DECRYPT);
  const clientProvider = (() => on.kms) as unknown as Provider;
  const keyring = new KmsKeyringNode({ generatorKeyId: keyArn, clientProvider });
  return (await encrypt(keyring, bytes, { encryptionContext, frameLength })).result;
}

async function pass(work: typeof encryptFile | typeof decryptFile, bytes: Uint8Array, context = {}) {
  const input = join(dir, 'input');
  writeFileSync(input, bytes);
  const output = await openOutput(join(dir, 'output'));
  try {
    const kmsIn = (region: string) => on.as({ region });
    const signal = new AbortController().signal;
    const found = await work({ input, bytes: bytes.length, output, keyArn, context, kmsIn, signal, onProgress() {} });
    await output.keep();
    return { bytes: readFileSync(join(dir, 'output')), found };
  } finally {
    await output.discard();
    rmSync(join(dir, 'output'), { force: true });
  }
}

const flip = (bytes: Buffer, at: number) => {
  const copy = Buffer.from(bytes);
  copy[at] = (copy[at] ?? 0) ^ 1;
  return copy;
};

describe('a message', () => {
  it.each([0, 1, 65_535, 65_536, 65_537, 1_048_577])('gives back a file of %i bytes', async (size) => {
    const file = randomBytes(size);
    const { bytes } = await pass(encryptFile, file, { tenant: 'a' });
    const opened = await pass(decryptFile, bytes, { tenant: 'a' });
    expect(opened.bytes.equals(file)).toBe(true);
    expect(opened.found).toEqual({ tenant: 'a' });
  });

  it.each([100, 4096, 1_000_000])('of somebody else with frames of %i bytes is opened', async (frameLength) => {
    const opened = await pass(decryptFile, await theirs(plaintext, { tenant: 'a' }, frameLength));
    expect(opened.bytes.equals(plaintext)).toBe(true);
    expect(opened.found).toEqual({ tenant: 'a' });
  });

  it.each<[string, (message: Buffer) => Buffer, object, string, RegExp]>([
    ['its version', (it) => flip(it, 0), {}, 'NotAuthentic', /version/],
    ['its context', (it) => flip(it, it.indexOf('tenant') + 8), {}, 'InvalidCiphertextException', /.*/],
    ['its body', (it) => flip(it, it.length >> 1), {}, 'NotAuthentic', /unable to authenticate/],
    ['its signature', (it) => flip(it, it.length - 1), {}, 'NotAuthentic', /Invalid Signature/],
    ['its length', (it) => it.subarray(0, -1000), {}, 'NotAuthentic', /Incomplete/],
    ['what follows', (it) => Buffer.concat([it, Buffer.alloc(10)]), {}, 'NotAuthentic', /.*/],
    ['all of it', () => Buffer.from('hello'), {}, 'NotAuthentic', /.*/],
    ['nothing, in another context', (it) => it, { tenant: 'b' }, 'NotAuthentic', /asked for: tenant/],
    ['nothing, in a larger context', (it) => it, { tenant: 'a', owner: 'b' }, 'NotAuthentic', /asked for: owner/],
  ])('that differs in %s is refused', async (_what, change, context, name, message) => {
    const changed = change(await theirs(plaintext, { tenant: 'a' }));
    await expect(pass(decryptFile, changed, context)).rejects.toMatchObject({
      name,
      message: expect.stringMatching(message),
    });
    expect(readdirSync(dir)).toEqual(['input']);
  });

  it('is opened by a related multi-Region key of the one that wrapped its data key', async () => {
    keyArn = (await on.kms.createKey({ MultiRegion: true })).KeyMetadata?.Arn as string;
    await on.kms.replicateKey({ KeyId: keyArn, ReplicaRegion: 'eu-west-1' });
    on.emulator.advance(60_000);
    const message = await theirs(plaintext);
    keyArn = keyArn.replace('us-east-1', 'eu-west-1');
    expect((await pass(decryptFile, message)).bytes.equals(plaintext)).toBe(true);
  });

  it('under another key is refused before KMS is asked, and its key named', async () => {
    const message = await theirs(plaintext);
    const first = keyArn;
    keyArn = (await on.kms.createKey({})).KeyMetadata?.Arn as string;
    await on.kms.disableKey({ KeyId: keyArn });
    await expect(pass(decryptFile, message)).rejects.toMatchObject({
      name: 'NotAuthentic',
      message: `it is not encrypted under ${keyArn} but under ${first}`,
    });
  });

  it('is refused as KMS refuses it when its key is disabled', async () => {
    const message = await theirs(plaintext);
    await on.kms.disableKey({ KeyId: keyArn });
    await expect(pass(decryptFile, message)).rejects.toMatchObject({ name: 'DisabledException' });
    await expect(pass(encryptFile, plaintext)).rejects.toMatchObject({ name: 'DisabledException' });
  });
});
