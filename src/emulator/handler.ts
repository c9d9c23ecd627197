import type { HttpHandlerOptions, HttpRequest, HttpResponse, QueryParameterBag, RequestHandler } from '@smithy/types';
import type { Emulator, WireRequest } from './wire/message.js';

/** What SDK clients take as `requestHandler`. */
export interface InProcessHandler extends RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions> {
  updateHttpClientConfig(key: never, value: never): void;
  httpHandlerConfigs(): Record<string, never>;
}

const empty = new Uint8Array(0);

function bytes(body: unknown): Uint8Array {
  if (body === undefined || body === null) return empty;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return body;
  throw new TypeError('the embedded KMS reads bodies of text or bytes, not streams');
}

function queryString(query: QueryParameterBag | undefined): string {
  const pairs: string[] = [];
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) {
      pairs.push(`${encodeURIComponent(name)}=${encodeURIComponent(one)}`);
    }
  }
  return pairs.length === 0 ? '' : `?${pairs.join('&')}`;
}

function wireRequest(request: HttpRequest): WireRequest {
  const headers: Record<string, string> = {};
  for (const name in request.headers) headers[name.toLowerCase()] = request.headers[name] as string;
  const path = (request.path || '/') + queryString(request.query);
  return { method: request.method, path, headers, body: bytes(request.body), sourceIp: '127.0.0.1' };
}

/** The error by which the SDK knows that its caller gave up. */
function aborted(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}

/** Wait for the answer, unless the caller gives up first; the emulator then finishes on its own. */
function unlessAborted<T>(answer: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(aborted());
    signal.addEventListener('abort', onAbort, { once: true });
    answer.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** The SDK's `requestHandler` that calls an emulator in the same process, without a socket. */
export function requestHandler(emulator: Emulator): InProcessHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, options = {}) {
      const signal = options.abortSignal as AbortSignal | undefined;
      if (signal?.aborted) throw aborted();
      const answer = emulator.handle(wireRequest(request));
      const { status, headers, body } = await (signal ? unlessAborted(answer, signal) : answer);
      // The SDK collects a Uint8Array as it is: no stream to fill and drain again.
      return { response: { statusCode: status, headers, body: Buffer.from(body) } };
    },
    destroy() {},
    updateHttpClientConfig() {},
    httpHandlerConfigs: () => ({}),
  };
}
