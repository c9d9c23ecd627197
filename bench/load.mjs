// A load generator that costs little beside what it measures: requests signed once, sent again and again over raw sockets.
import { connect } from 'node:net';
import { KMS } from '@aws-sdk/client-kms';

/** The bytes of a call as the SDK would send it. The signature is good for five minutes. */
export async function bytesOf(url, command, input) {
  let sent;
  const kms = new KMS({
    region: 'us-east-1',
    endpoint: url,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    maxAttempts: 1,
    requestHandler: {
      handle(request) {
        sent = request;
        throw new Error('kept');
      },
    },
  });
  await kms[command](input).catch(() => {});
  const body = Buffer.from(sent.body);
  const lines = Object.entries(sent.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`POST / HTTP/1.1\r\n${lines.join('')}connection: keep-alive\r\n\r\n`), body]);
}

const gap = Buffer.from('\r\n\r\n');

/** One connection, opened anew where the server closes it; `send` gives the status and the body of the answer. */
export class Connection {
  #url;
  #socket;
  #buffer = Buffer.alloc(0);
  #done;

  constructor(url) {
    this.#url = new URL(url);
  }

  send(bytes) {
    return new Promise((resolve, reject) => {
      this.#done = { resolve, reject };
      this.#socket ??= this.#open();
      this.#socket.write(bytes);
    });
  }

  close() {
    this.#socket?.destroy();
    this.#socket = undefined;
  }

  #open() {
    const socket = connect({ host: this.#url.hostname, port: Number(this.#url.port), noDelay: true });
    const lost = (error) => this.#socket === socket && this.#done.reject(error ?? new Error('closed'));
    socket.on('data', (chunk) => this.#take(chunk));
    socket.on('error', lost);
    socket.on('close', () => lost());
    return socket;
  }

  #take(chunk) {
    this.#buffer = this.#buffer.length ? Buffer.concat([this.#buffer, chunk]) : chunk;
    const at = this.#buffer.indexOf(gap);
    if (at < 0) return;
    const head = this.#buffer.latin1Slice(0, at);
    const length = Number(/content-length: *(\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#buffer.length < at + 4 + length) return;
    const body = this.#buffer.subarray(at + 4, at + 4 + length);
    this.#buffer = this.#buffer.subarray(at + 4 + length);
    if (/connection: *close/i.test(head)) this.close();
    this.#done.resolve({ status: Number(head.slice(9, 12)), body });
  }
}

/** Answers per second over so many connections, for so many milliseconds. */
export async function rate(url, bytes, connections, ms) {
  const open = Array.from({ length: connections }, () => new Connection(url));
  let count = 0;
  const end = performance.now() + ms;
  const started = performance.now();
  await Promise.all(
    open.map(async (connection) => {
      while (performance.now() < end) {
        const { status, body } = await connection.send(bytes);
        if (status !== 200) throw new Error(`${status}: ${body}`);
        count++;
      }
      connection.close();
    }),
  );
  return (count * 1000) / (performance.now() - started);
}
