import type { MiddlewareStack, RetryErrorInfo, RetryStrategy, RetryStrategyV2, RetryToken } from '@smithy/types';
import { isThrottled, operationOf, troubleOf } from './middleware.js';

/** Operations that make a key each time they are sent. */
export const creates: ReadonlySet<string> = new Set(['CreateKey', 'ReplicateKey']);

/**
 * Changes that are not the same when done twice: a second rotation, or an error that says the first one has done its work. A
 * lost answer to one of them ends the call; the lab or the next run looks what came of it. CreateAlias is none of them, since
 * `own.key` knows its own alias when it meets it, and setting a state, a policy or a tag twice does no harm.
 */
const onceOnly: ReadonlySet<string> = new Set([
  ...creates,
  'CancelKeyDeletion',
  'CreateCustomKeyStore',
  'DeleteAlias',
  'DeleteCustomKeyStore',
  'RetireGrant',
  'RevokeGrant',
  'RotateKeyOnDemand',
  'ScheduleKeyDeletion',
  'UpdatePrimaryRegion',
]);

/** Whether a call may be sent again although nobody knows whether it was done. */
function isHarmlessTwice(operation: string, input: object): boolean {
  // With a name a second CreateGrant gives the first one's grant; without, it makes another (API reference, CreateGrant).
  if (operation === 'CreateGrant') return Boolean((input as { Name?: string }).Name);
  // Material that is imported again is the same; as new material it is to be rotated to.
  if (operation === 'ImportKeyMaterial') return (input as { ImportType?: string }).ImportType !== 'NEW_KEY_MATERIAL';
  return !onceOnly.has(operation);
}

/** A client of the SDK, as far as its retries go. */
interface Retrying<Input extends object, Output extends object> {
  middlewareStack: Pick<MiddlewareStack<Input, Output>, 'add'>;
  config: { retryStrategy: () => Promise<RetryStrategy | RetryStrategyV2> };
}

/** Errors that came from the wire, and whether their call may be sent again by the SDK. */
type Sent = WeakMap<object, boolean>;

/**
 * Narrow what the SDK sends again by itself. Left to it: what is harmless twice. Taken from it: throttling (`settle` waits
 * longer and says so), LimitExceededException (the SDK takes it for throttling; in KMS it is a quota), and what may be done
 * once only (a CreateKey whose answer was lost would become a second key, and a third).
 * @returns which errors came from the wire.
 */
export function narrowRetries<Input extends object, Output extends object>(client: Retrying<Input, Output>): Sent {
  const sent: Sent = new WeakMap();
  client.middlewareStack.add(
    (next, context) => async (args) => {
      try {
        return await next(args);
      } catch (error) {
        if (typeof error === 'object' && error !== null)
          sent.set(error, isHarmlessTwice(operationOf(context), args.input));
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
  const harmless = typeof error === 'object' && error !== null ? (sent.get(error) ?? true) : true;
  // A wrong clock is refused before anything is done; the SDK has corrected it.
  return harmless || $metadata?.clockSkewCorrected === true;
}
