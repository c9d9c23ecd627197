import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cliLine } from '../../src/kms/cli-line.js';
import { FileRegistry } from '../../src/kms/files.js';
import { Names } from '../../src/kms/names.js';
import { tagsOf } from '../../src/kms/tags.js';
import { alias, keyId, metadata, ownership } from './scripted.js';

const hasAws = (() => {
  try {
    return execFileSync('aws', ['--version'], { stdio: 'ignore' }) !== undefined;
  } catch {
    return false;
  }
})();

/** Run lines in bash with the real AWS CLI, against a server on loopback that keeps what it is asked. */
function awsCli() {
  const asked: unknown[] = [];
  const answers: object[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    asked.push(JSON.parse(body));
    response.setHeader('content-type', 'application/x-amz-json-1.1').end(JSON.stringify(answers.shift() ?? {}));
  });
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kms-lab-'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    server.close();
    await rm(folder, { recursive: true, force: true });
  });
  return {
    asked,
    answers,
    path: (name: string) => join(folder, name),
    cli: () => ({ endpointUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }),
    async run(...lines: string[]) {
      const env = {
        PATH: process.env.PATH,
        AWS_ACCESS_KEY_ID: 'test',
        AWS_SECRET_ACCESS_KEY: 'test',
        AWS_CONFIG_FILE: '/dev/null',
        AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
        AWS_EC2_METADATA_DISABLED: 'true',
        AWS_PAGER: '',
      };
      await promisify(execFile)('bash', ['--norc', '-c', lines.join('\n')], { env, cwd: folder });
      return asked.splice(0);
    },
  };
}

describe.skipIf(!hasAws)('The real AWS CLI (skipped where `aws` is not on PATH)', () => {
  const on = awsCli();
  const files = new FileRegistry();
  const line = (operation: string, input: object, output: object = {}, names = new Names()) =>
    cliLine('kms', operation, input, output, { region: 'us-east-1', cli: on.cli(), files, names });

  it.each<[string, object]>([
    ['DescribeKey', { KeyId: alias }],
    ['Decrypt', { KeyId: alias, EncryptionContext: { tenant: 'a', app: 'b c' }, DryRun: true }],
    ['Decrypt', { EncryptionContext: { tenant: 'a', 'x,': "it's $(no)", empty: '' } }],
    ['CreateKey', { Description: 'two\nlines \\ "and" \'more\'', MultiRegion: false }],
    ['CreateKey', { Description: 'https://kms.example/', Tags: [] }],
    [
      'CreateKey',
      { Description: '-dash', Tags: tagsOf({ ...ownership, owner: 'a,b' }, alias, '2026-11-24T10:00:00Z') },
    ],
    ['CreateKey', { Tags: tagsOf(ownership, alias, '2026-11-24T10:00:00Z') }],
    [
      'CreateGrant',
      {
        KeyId: keyId,
        GranteePrincipal: ownership.owner,
        Operations: ['Encrypt', 'Decrypt'],
        Constraints: { EncryptionContextSubset: { tenant: 'a' } },
      },
    ],
    ['ScheduleKeyDeletion', { KeyId: keyId, PendingWindowInDays: 7 }],
  ])('sends the same %s as the SDK did: %j', async (operation, input) => {
    expect(await on.run(line(operation, input))).toEqual([input]);
  });

  it('reads and writes the files that the run read and wrote', async () => {
    const plaintext = Buffer.from('hello');
    await writeFile(on.path('a b.txt'), plaintext);
    files.register(plaintext, 'a b.txt');
    const mark = files.mark();
    const blob = Buffer.from([0, 255, 10, 13]);
    const token = Buffer.from('token');
    files.register(blob, "it's.bin");
    files.register(token, 'token.bin');
    const wrapping = { KeyId: 'k', WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' };
    const options = { region: 'us-east-1', cli: on.cli(), files, names: new Names(), mark };
    on.answers.push(
      { CiphertextBlob: blob.toString('base64') },
      { PublicKey: blob.toString('base64'), ImportToken: token.toString('base64') },
    );
    const asked = await on.run(
      cliLine('kms', 'Encrypt', { KeyId: 'k', Plaintext: plaintext }, { CiphertextBlob: blob }, options),
      `cp "it's.bin" first.bin`,
      cliLine('kms', 'GetParametersForImport', wrapping, { ImportToken: token, PublicKey: blob }, options),
    );
    expect(asked).toEqual([{ KeyId: 'k', Plaintext: plaintext.toString('base64') }, wrapping]);
    for (const name of ['first.bin', "it's.bin"]) expect(await readFile(on.path(name))).toEqual(blob);
    expect(await readFile(on.path('token.bin'))).toEqual(token);
  });

  it('works with the key that the pasted lines made, whatever its id', async () => {
    const names = new Names();
    const Tags = tagsOf(ownership, alias, '2026-11-24T10:00:00Z');
    on.answers.push({ KeyMetadata: { KeyId: 'another' } });
    const asked = await on.run(
      line('CreateKey', { Tags }, { KeyMetadata: metadata }, names),
      line('EnableKey', { KeyId: keyId }, {}, names),
      line('CreateAlias', { AliasName: alias, TargetKeyId: metadata.Arn }, {}, names),
    );
    expect(asked.slice(1)).toEqual([{ KeyId: 'another' }, { AliasName: alias, TargetKeyId: 'another' }]);
  });
});
