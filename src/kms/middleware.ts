import type { ServiceInputTypes, ServiceOutputTypes } from '@aws-sdk/client-kms';
import type { InitializeMiddleware, MiddlewareStack } from '@smithy/types';

/** SDK middleware that wraps a whole call, its retries included. */
export type CallMiddleware = InitializeMiddleware<ServiceInputTypes, ServiceOutputTypes>;

/** "Encrypt", from the SDK's "EncryptCommand". */
export const operationOf = (context: { commandName?: string }) => (context.commandName ?? '').replace(/Command$/, '');

/** Put middleware around every call of a client, the first outermost and all outside the SDK's own. */
export function wrap<Input extends object, Output extends object>(
  client: { middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'> },
  middleware: Readonly<Record<string, InitializeMiddleware<Input, Output>>>,
): void {
  for (const [name, each] of Object.entries(middleware))
    client.middlewareStack.add(each, { step: 'initialize', priority: 'high', name: `kmsLab-${name}` });
}

/** What a thrown value says about itself; the SDK and Node.js throw errors with more than a message. */
export interface Trouble {
  name?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; requestId?: string; clockSkewCorrected?: boolean };
}

export const troubleOf = (error: unknown): Trouble => (typeof error === 'object' && error !== null ? error : {});

const throttles = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);

/** Refused for its rate, and surely not done. LimitExceededException is no such thing: it is a quota, and waiting is no use. */
export function isThrottled(error: unknown): boolean {
  const { name = '', $metadata } = troubleOf(error);
  return throttles.has(name) || ($metadata?.httpStatusCode === 429 && name !== 'LimitExceededException');
}

/** Errors of Node.js that come before a request is sent: the connection was never made. */
const unsent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EPROTO|CERT_.*|DEPTH_ZERO_.*|SELF_SIGNED_.*|UNABLE_TO_.*|ERR_TLS_.*)$/;

/** The request was sent, and nobody knows whether it was done: no answer, half an answer, or a server's fault. */
export function isLost(error: unknown): boolean {
  const { name = '', code = '', $metadata } = troubleOf(error);
  if (name === 'AbortError' || name === 'LabError' || unsent.test(code)) return false;
  const status = $metadata?.httpStatusCode;
  return status === undefined || status >= 500 || status < 300;
}
