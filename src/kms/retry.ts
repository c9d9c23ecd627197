import type { KMS } from '@aws-sdk/client-kms';
import type { RetryErrorInfo, RetryStrategyV2, RetryToken } from '@smithy/types';
import { isThrottled, operationOf, troubleOf } from './middleware.js';

/** Operations that make a key each time they are sent. */
export const creates: ReadonlySet<string> = new Set(['CreateKey', 'ReplicateKey']);

/** Errors that came from the wire, and the operation that met them. */
type Sent = WeakMap<object, string>;

/**
 * Narrow what the SDK sends again by itself. Left to it: what is harmless twice. Taken from it: throttling (`settle` waits
 * longer and says so), LimitExceededException (the SDK takes it for throttling; in KMS it is a quota), and creating a key
 * (an answer that was lost would become a second key, and a third).
 * @returns which errors came from the wire.
 */
export function narrowRetries(client: KMS): Sent {
  const sent: Sent = new WeakMap();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (typeof error === 'object' && error !== null) sent.set(error, operationOf(context));
        throw error;
      }
    },
    { step: 'finalizeRequest', priority: 'low', name: 'kmsLab-sent' },
  );
  const strategy = client.config.retryStrategy;
  client.config.retryStrategy = async () => narrowed((await strategy()) as RetryStrategyV2, sent);
  return sent;
}

function narrowed(inner: RetryStrategyV2, sent: Sent): RetryStrategyV2 {
  return {
    acquireInitialRetryToken: (scope) => inner.acquireInitialRetryToken(scope),
    async refreshRetryTokenForRetry(token: RetryToken, info: RetryErrorInfo) {
      if (!mayResend(info.error, sent)) throw new Error('not sent again');
      return inner.refreshRetryTokenForRetry(token, info);
    },
    recordSuccess: (token) => inner.recordSuccess(token),
  };
}

function mayResend(error: unknown, sent: Sent): boolean {
  const { name, $metadata } = troubleOf(error);
  if (isThrottled(error) || name === 'LimitExceededException') return false;
  const operation = typeof error === 'object' && error !== null ? sent.get(error) : undefined;
  // A wrong clock is refused before anything is done; the SDK has corrected it.
  return operation === undefined || !creates.has(operation) || $metadata?.clockSkewCorrected === true;
}
