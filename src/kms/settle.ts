import type { KMS } from '@aws-sdk/client-kms';
import type { Made } from './made.js';
import { type CallMiddleware, isThrottled, operationOf, troubleOf } from './middleware.js';
import { tagKeys } from './tags.js';
import { pause, stopIfAborted, type Waiting } from './wait.js';

export interface SettleOptions extends Waiting {
  region: string;
  made: Made;
  /** A client without this room's middleware, to ask what state a key is in. */
  bare(region: string): KMS;
}

/**
 * Wait out KMS's eventual consistency: a key or alias that this run has just made may be unknown, or in its state of before,
 * for a while. Throttling is waited out too. Any other error passes at once, and so does a refusal that the key's state explains.
 */
export function settle(options: SettleOptions): CallMiddleware {
  return (next, context) => async (args) => {
    const operation = operationOf(context);
    const started = options.now();
    for (let attempt = 0; ; attempt++) {
      stopIfAborted(options.signal);
      try {
        const result = await next(args);
        options.made.learn(options.region, operation, args.input, result.output, aliasIn(args.input));
        return result;
      } catch (error) {
        const what = await unsettled(options, operation, args.input, error);
        if (!what || !(await pause(options, what, started, attempt))) throw error;
      }
    }
  };
}

/** What to wait for, when the error is one that goes away. */
async function unsettled(options: SettleOptions, operation: string, input: object, error: unknown) {
  const { region, made } = options;
  if (isThrottled(error)) return `${region}: KMS throttles ${operation}`;
  const { name } = troubleOf(error);
  const ref = made.freshIn(region, input);
  if (!ref) return undefined;
  if (name === 'NotFoundException') return `${region}: ${ref} is not known everywhere yet`;
  if (name !== 'KMSInvalidStateException') return undefined;
  const state = await stateOf(options, ref);
  return made.lagging(region, operation, ref, state) ? `${region}: ${ref} is not ready yet` : undefined;
}

async function stateOf({ bare, region }: SettleOptions, ref: string): Promise<string | undefined> {
  try {
    return (await bare(region).describeKey({ KeyId: ref })).KeyMetadata?.KeyState;
  } catch {
    return undefined; // not visible here yet, or not to be seen by this caller: the deadline decides
  }
}

/** The alias that a new key is for. */
function aliasIn(input: object): string {
  const { Tags } = input as { Tags?: { TagKey?: string; TagValue?: string }[] };
  return Tags?.find(({ TagKey }) => TagKey === tagKeys.alias)?.TagValue ?? '';
}
