import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import { LabError } from '../errors.js';
import { judge } from './answer.js';
import type { Service } from './endpoint.js';

/** Time-outs in milliseconds. KMS answers in tens of milliseconds; key generation and slow networks in seconds. */
export const timeouts = { connect: 5_000, request: 30_000 } as const;

/**
 * The SDK's HTTP handler with time-outs and keep-alive, which also looks whether AWS can have written the answer: a
 * web server's page would else end as a SyntaxError that quotes it.
 */
export function httpHandler(service: Service): RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  const http = new NodeHttpHandler({
    connectionTimeout: timeouts.connect,
    requestTimeout: timeouts.request,
    socketTimeout: timeouts.request,
    throwOnRequestTimeout: true,
  });
  return {
    metadata: http.metadata,
    destroy: () => http.destroy(),
    async handle(request, options) {
      const { response } = await http
        .handle(request as Parameters<typeof http.handle>[0], options)
        .catch((error: unknown) => Promise.reject(noHttp(error, request)));
      const body = await read(response.body);
      return { response: Object.assign(response, { body: judge(service, origin(request), response, body) }) };
    },
  };
}

/** Answers are small (ListKeys: 150 KB); anything far larger is no answer of AWS. */
const limit = 16 * 1024 * 1024;

function read(stream: NodeJS.ReadableStream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) chunks.push(chunk);
      else resolve(Buffer.from('too long'));
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(Buffer.concat(chunks)));
    stream.on('close', () => reject(Object.assign(new Error('the answer broke off'), { code: 'ECONNRESET' })));
  });
}

function origin(request: HttpRequest): string {
  return `${request.protocol}//${request.hostname}${request.port ? `:${request.port}` : ''}`;
}

/** What listens speaks no HTTP, or no TLS: sending again will not help. Other failures are the SDK's to try again. */
function noHttp(error: unknown, request: HttpRequest): unknown {
  const { code = '', message = '' } = error as { code?: string; message?: string };
  if (!/^(HPE_|EPROTO$|ERR_SSL_|ERR_TLS_)/.test(code)) return error;
  const spoken = request.protocol === 'https:' ? 'TLS' : 'HTTP';
  const detail = code === 'EPROTO' || !message ? code : message.split('\n')[0];
  return new LabError('unreachable', `${origin(request)} does not speak ${spoken} (${detail})`, { cause: error });
}
