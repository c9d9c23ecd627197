import { connect } from 'node:net';
import { KMS } from '@aws-sdk/client-kms';
import { STS } from '@aws-sdk/client-sts';
import { afterAll, describe, expect, it } from 'vitest';
import { requestHandler } from '../../../src/emulator/handler.js';
import { type Server, serve } from '../../../src/emulator/server.js';
import type { Emulator } from '../../../src/emulator/wire/message.js';
import { pretender } from './pretender.js';

const base = { region: 'us-east-1', credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 1 };
const emulator = pretender(({ route, input, region, arn }) =>
  route.service === 'sts'
    ? { UserId: 'AIDA', Account: '111122223333', Arn: arn }
    : { KeyId: `${region}/${input.KeyId}`, CiphertextBlob: input.Plaintext },
);
const open: Server[] = [];
const start = async (behind: Emulator) => {
  const server = await serve(behind, { port: 0 });
  open.push(server);
  return server;
};
afterAll(() => Promise.all(open.map((server) => server.close())));

const shared = await start(emulator);
const ways = [
  ['over HTTP', { endpoint: shared.url }],
  ['in the same process', { requestHandler: requestHandler(emulator) }],
] as const;

describe.each(ways)('the SDK %s', (_, way) => {
  const kms = new KMS({ ...base, ...way });
  const sts = new STS({ ...base, ...way });

  it('calls KMS', async () => {
    const reply = await kms.encrypt({ KeyId: 'k', Plaintext: Buffer.from('hi') });
    expect([reply.KeyId, Buffer.from(reply.CiphertextBlob ?? []).toString()]).toEqual(['us-east-1/k', 'hi']);
    expect(reply.$metadata.requestId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('calls STS', async () => {
    const { Arn, Account } = await sts.getCallerIdentity();
    expect([Arn, Account]).toEqual(['arn:aws:iam::111122223333:user/lab', '111122223333']);
  });

  it('names the exception and its message', async () => {
    await expect(kms.encrypt({ KeyId: 'k', Plaintext: Buffer.alloc(4097) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining("Value at 'plaintext' failed to satisfy constraint"),
      $metadata: { httpStatusCode: 400 },
    });
    const stranger = new STS({ ...base, ...way, credentials: { accessKeyId: 'x', secretAccessKey: 'y' } });
    await expect(stranger.getCallerIdentity()).rejects.toMatchObject({ name: 'InvalidClientTokenId' });
  });

  it('gives up when told to', async () => {
    const never = kms.encrypt({ KeyId: 'k', Plaintext: Buffer.from('hi') }, { abortSignal: AbortSignal.abort() });
    await expect(never).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('the in-process handler', () => {
  it('gives up while the answer is awaited', async () => {
    const stuck: Emulator = { handle: () => new Promise(() => {}), close: async () => {} };
    const kms = new KMS({ ...base, requestHandler: requestHandler(stuck) });
    const controller = new AbortController();
    const call = kms.listKeys({}, { abortSignal: controller.signal });
    setImmediate(() => controller.abort());
    await expect(call).rejects.toMatchObject({ name: 'AbortError' });
  });
});

/** Send bytes, read until the other side closes. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer)).on('error', reject);
  });
}

describe('the server', () => {
  const headers = { 'x-amz-target': 'TrentService.ListKeys', 'content-type': 'application/x-amz-json-1.1' };

  it('answers what is no HTTP', async () => {
    expect(await raw(shared.port, 'hello\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n.*"__type":"SerializationException"/s,
    );
  });

  it('answers a request without a Host in the same shape', async () => {
    expect(await raw(shared.port, 'POST / HTTP/1.1\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n.*"__type":"UnknownOperationException"/s,
    );
  });

  it('answers a body over a mebibyte without reading it into memory', async () => {
    const answer = await fetch(shared.url, { method: 'POST', headers, body: Buffer.alloc(2 * 1024 * 1024) });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ __type: 'RequestEntityTooLargeException' });
  });

  it('answers 500 when the emulator throws, and lives on', async () => {
    const { url } = await start({ handle: () => Promise.reject(new Error('secret')), close: async () => {} });
    for (let i = 0; i < 2; i++) {
      const answer = await fetch(url, { method: 'POST', headers, body: '{}' });
      expect([answer.status, await answer.text()]).toEqual([500, expect.not.stringContaining('secret')]);
    }
  });

  it('says which port is taken', async () => {
    await expect(serve(emulator, { port: shared.port })).rejects.toMatchObject({
      kind: 'usage',
      message: `cannot listen on 127.0.0.1: port ${shared.port} is already in use`,
    });
  });

  it('says which address is not of this machine, and that another port does not help', async () => {
    await expect(serve(emulator, { port: 0, host: '203.0.113.5' })).rejects.toMatchObject({
      kind: 'usage',
      message: expect.stringContaining('cannot listen on 203.0.113.5'),
      hint: expect.stringContaining('--host'),
    });
  });

  it('says what is no port', async () => {
    await expect(serve(emulator, { port: 70_000 })).rejects.toMatchObject({ kind: 'usage' });
  });

  it('closes once or twice, with idle connections open', async () => {
    const server = await serve(emulator, { port: 0 });
    await (await fetch(server.url, { method: 'POST', headers, body: '{}' })).text();
    await Promise.all([server.close(), server.close()]);
    await expect(fetch(server.url)).rejects.toThrow();
  });
});
