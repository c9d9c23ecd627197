import { randomUUID } from 'node:crypto';
import { createServer, type Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { LabError } from '../errors.js';
import { Fault } from './fault.js';
import type { Emulator, WireRequest, WireResponse } from './wire/message.js';
import { maxBodyBytes, tooLarge } from './wire/parse.js';
import { failed, serviceOf } from './wire/protocol.js';

/** A listening emulator. */
export interface Server {
  url: string;
  port: number;
  /** May be called twice; leaves no open handle. Does not close the emulator. */
  close(): Promise<void>;
}

/** Longer than AWS SDKs keep an idle connection, so that none is closed under a request. */
const keepAliveMs = 65_000;
/** How long `close` waits for requests under way. */
const graceMs = 2000;
/** Past this a body is not even drained: the connection ends. */
const drainedBytes = 16 * maxBodyBytes;
const empty = new Uint8Array(0);

function internal(): Fault {
  return new Fault('KMSInternalException', 'The request was rejected because an internal exception occurred.', 500);
}

/** Collect the body. `undefined`: it was over the limit; what exceeded it was read and thrown away. */
function read(message: IncomingMessage, done: (body: Uint8Array | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  message.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
    else chunks.length = 0;
    if (size > drainedBytes) message.destroy();
  });
  message.on('error', () => {}); // the client went away: nobody to answer
  message.on('end', () => {
    if (size > maxBodyBytes) done(undefined);
    else if (chunks.length < 2) done(chunks[0] ?? empty);
    else done(Buffer.concat(chunks, size));
  });
}

function wireRequest(message: IncomingMessage, body: Uint8Array): WireRequest {
  // The one header that Node.js gives as an array; it has no meaning in a request.
  if (message.headers['set-cookie'] !== undefined) delete message.headers['set-cookie'];
  return {
    method: message.method ?? '',
    path: message.url ?? '/',
    headers: message.headers as Record<string, string>,
    body,
    sourceIp: (message.socket.remoteAddress ?? 'unknown').replace(/^::ffff:/, ''),
  };
}

/** So many answers leave at once; while clients read them, the next are made. */
const batch = 16;
let ready: { response: ServerResponse; body: string }[] = [];

/** Given as text, a body leaves together with its headers in one write. */
function send(): void {
  const answers = ready;
  ready = [];
  for (const { response, body } of answers) response.end(body);
}

/**
 * Answers that are ready in one turn of the event loop leave together: each write on its own would wake a client that went to
 * sleep since the last one, which costs more than the write.
 */
function write(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, headers);
  const count = ready.push({ response, body });
  if (count === 1) setImmediate(send);
  if (count === batch) send();
}

async function answer(emulator: Emulator, request: WireRequest, response: ServerResponse): Promise<void> {
  try {
    write(response, await emulator.handle(request));
  } catch {
    // The emulator answers its own faults; whatever comes here must not end the process or hang the client.
    if (!response.headersSent) write(response, failed(internal(), randomUUID(), serviceOf(request)));
    else response.destroy();
  }
}

/** What is no HTTP at all, or headers over Node.js's limit. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const { headers, body } = failed(new Fault('SerializationException', ''), randomUUID());
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 400 Bad Request\r\n${lines.join('')}connection: close\r\n\r\n${body}`);
}

function listen(http: HttpServer, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => {
      const why = error.code === 'EADDRINUSE' ? `port ${port} is already in use` : error.message;
      const isPort = error.code === 'EADDRINUSE' || error.code === 'EACCES';
      const hint = isPort
        ? 'choose another --port, or --port 0 for a free one'
        : 'choose an address of this machine with --host: 127.0.0.1 for this machine alone, 0.0.0.0 for all of them';
      reject(new LabError('usage', `cannot listen on ${host}: ${why}`, { cause: error, hint }));
    };
    http.once('error', onError);
    http.listen({ host, port }, () => {
      http.off('error', onError);
      http.on('error', () => {}); // a failed accept (no descriptors left) is not the end of the others
      resolve((http.address() as AddressInfo).port);
    });
  });
}

/** Stop accepting, let requests under way finish, then cut what is left. */
function stop(http: HttpServer): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => http.closeAllConnections(), graceMs);
    http.close(() => {
      clearTimeout(timer);
      resolve();
    });
    http.closeIdleConnections();
  });
}

/** The address to reach a listener by, from this machine. */
function urlOf(host: string, port: number): string {
  if (host === '0.0.0.0' || host === '::') return `http://127.0.0.1:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** Serve an emulator over HTTP. Port 0: a free one. Throws a LabError (usage) when it cannot listen there. */
export async function serve(emulator: Emulator, where: { host?: string; port: number }): Promise<Server> {
  const host = where.host ?? '127.0.0.1';
  if (!Number.isInteger(where.port) || where.port < 0 || where.port > 65_535) {
    throw new LabError('usage', `${where.port} is not a port`, { hint: 'a port is a number from 0 to 65535' });
  }
  // A request without Host is refused by us, in AWS's shape, not by Node.js.
  const http = createServer({ keepAliveTimeout: keepAliveMs, requireHostHeader: false }, (message, response) => {
    read(message, (body) => {
      const request = wireRequest(message, body ?? empty);
      if (body) void answer(emulator, request, response);
      else write(response, failed(tooLarge(), randomUUID(), serviceOf(request)));
    });
  });
  http.on('clientError', refuse);
  const port = await listen(http, host, where.port);
  let closing: Promise<void> | undefined;
  return {
    url: urlOf(host, port),
    port,
    close() {
      closing ??= stop(http);
      return closing;
    },
  };
}
