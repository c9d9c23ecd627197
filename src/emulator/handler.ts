import type { HttpHandlerOptions, HttpRequest, HttpResponse, RequestHandler } from '@smithy/types';
import type { Emulator } from './wire/message.js';

export type InProcessHandler = RequestHandler<HttpRequest, HttpResponse, HttpHandlerOptions>;

/** The SDK's `requestHandler` that calls an emulator in the same process, without a socket. */
export function requestHandler(_emulator: Emulator): InProcessHandler {
  return { handle: () => Promise.reject(new Error('not yet')) };
}
