import type { Explanation } from '../authz/explanation.js';
import type { Trail } from './trail.js';

/** A call that was refused, and why. */
export interface LastRefusal {
  /** ISO 8601, on the world's clock. */
  time: string;
  operation: string;
  region: string;
  errorCode: string;
  /** What the client was told. */
  errorMessage: string;
  requestId: string;
  explanation: Explanation;
}

/** The newest call that policies refused; undefined when none was. */
export function lastRefusal(trail: Trail): LastRefusal | undefined {
  for (const { text } of trail.entries()) {
    if (!text.includes('"explanation"')) continue;
    const event = JSON.parse(text);
    const explanation = event.explanation as Explanation | undefined;
    if (!explanation) continue;
    return {
      time: event.eventTime,
      operation: event.eventName,
      region: event.awsRegion,
      errorCode: event.errorCode,
      errorMessage: event.errorMessage,
      requestId: event.requestID,
      explanation,
    };
  }
  return undefined;
}
