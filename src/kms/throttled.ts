import type { InitializeMiddleware, MetadataBearer } from '@smithy/types';
import { isThrottled, operationOf } from './middleware.js';
import { pause, stopIfAborted, type Waiting } from './wait.js';

/**
 * Wait out throttling, and say so. For the services beside KMS, whose answers settle at once: KMS has `settle`.
 * @param whose "us-east-1: CloudTrail"
 */
export function throttled<Input extends object, Output extends MetadataBearer>(
  waiting: Waiting,
  whose: string,
): InitializeMiddleware<Input, Output> {
  return (next, context) => async (args) => {
    const started = waiting.now();
    for (let attempt = 0; ; attempt++) {
      stopIfAborted(waiting.signal);
      try {
        return await next(args);
      } catch (error) {
        const what = `${whose} throttles ${operationOf(context)}`;
        if (!isThrottled(error) || !(await pause(waiting, what, started, attempt))) throw error;
      }
    }
  };
}
