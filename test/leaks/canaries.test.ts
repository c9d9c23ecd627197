import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WireRequest, WireResponse } from '../../src/emulator/wire/message.js';
import { Canaries } from './canaries.js';

const secret = randomBytes(32);
const password = 'a "quoted" <secret> & more: ünïcødé, at length';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kms-lab-leaks-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What is found when a file holds `text`. */
function planted(text: string | Uint8Array, canaries = new Canaries()): string[] {
  canaries.add('a key', secret);
  canaries.add('a password', Buffer.from(password));
  mkdirSync(join(folder, 'below'));
  writeFileSync(join(folder, 'below', 'report.txt'), text);
  return canaries.below(folder).map((found) => found.slice(found.lastIndexOf(': ') + 2));
}

describe('the search for leaks', () => {
  it('finds nothing in a harmless file', () => {
    expect(planted(`sha256 ${randomBytes(32).toString('hex')}, 32 bytes`)).toEqual([]);
  });

  const inJson = (bytes: Uint8Array, before = '') => Buffer.from(JSON.stringify({ before, key: [...bytes] }));
  it.each<[string, string | Uint8Array]>([
    ['as it is', Buffer.concat([Buffer.from('before'), secret, Buffer.from('after')])],
    ['in base64', secret.toString('base64')],
    ...[1, 2, 3].map((n): [string, string] => [
      `in base64, ${n} bytes after something else`,
      Buffer.concat([randomBytes(n), secret, randomBytes(5)]).toString('base64'),
    ]),
    ['in base64url', `token=${secret.toString('base64url')}`],
    ['in URL-encoded base64', encodeURIComponent(secret.toString('base64'))],
    ['in hexadecimal', secret.toString('hex')],
    ['in capital hexadecimal', secret.toString('hex').toUpperCase()],
    ['percent-encoded', [...secret].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')],
    ['as a list of numbers', inJson(secret)],
    ['as Node.js prints a buffer', inspect(secret)],
    ['its first half alone', secret.subarray(0, 16).toString('base64')],
    ['its second half alone', secret.subarray(16).toString('hex')],
  ])('finds a key %s', (_how, text) => {
    expect(planted(text)).toEqual(['a key']);
  });

  it.each<[string, string]>([
    ['as it is', `the password is ${password}`],
    ['URL-encoded', encodeURIComponent(password)],
    ['in JSON', JSON.stringify({ password })],
    ['in JSON in JSON', JSON.stringify(JSON.stringify({ password }))],
    [
      'in XML',
      password.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    ],
  ])('finds a text %s', (_how, text) => {
    expect(planted(text)).toEqual(['a password']);
  });

  it('looks at names of files too, and not into the folders that it is told to leave out', () => {
    const canaries = new Canaries();
    canaries.add('a key', secret);
    mkdirSync(join(folder, 'mine'));
    writeFileSync(join(folder, 'mine', 'data.bin'), secret);
    writeFileSync(join(folder, `${secret.toString('hex')}.txt`), '');
    expect(canaries.below(folder, ['mine'])).toEqual([expect.stringMatching(/\.txt: a key$/)]);
    expect(canaries.below(folder)).toHaveLength(2);
  });

  it('takes what the API marks sensitive out of requests and answers, grant tokens, and what STS hands out', () => {
    const canaries = new Canaries();
    const call = (target: string, body: object, answer: object | string) =>
      canaries.collect(
        {
          headers: target ? { 'x-amz-target': `TrentService.${target}` } : {},
          body: Buffer.from(JSON.stringify(body)),
        } as unknown as WireRequest,
        { body: Buffer.from(typeof answer === 'string' ? answer : JSON.stringify(answer)) } as unknown as WireResponse,
      );
    const base64 = () => randomBytes(32).toString('base64');
    call(
      'Encrypt',
      { Plaintext: base64(), GrantTokens: [base64()], EncryptionContext: { a: base64() } },
      { CiphertextBlob: base64() },
    );
    call('GenerateDataKeyPair', {}, { PrivateKeyPlaintext: base64(), PublicKey: base64() });
    call('CreateGrant', {}, { GrantToken: base64(), GrantId: base64() });
    call('', {}, `<SecretAccessKey>${base64()}</SecretAccessKey><SessionToken>${base64()}</SessionToken>`);
    expect([...canaries.kinds].sort()).toEqual([
      'CreateGrant answered GrantToken',
      'Encrypt asked GrantTokens',
      'Encrypt asked Plaintext',
      'GenerateDataKeyPair answered PrivateKeyPlaintext',
      'STS answered SecretAccessKey',
      'STS answered SessionToken',
    ]);
  });
});
