import type { Trail } from '../audit/trail.js';
import type { Explanation } from '../authz/explanation.js';

/** What is read of the audit record of a call that was not allowed. */
export interface Refusal {
  eventTime: string;
  /** `kms.amazonaws.com`. */
  eventSource: string;
  eventName: string;
  awsRegion: string;
  userIdentity: { arn: string };
  /** AWS's message, as the caller got it. */
  errorMessage: string;
  resources: readonly { ARN: string }[];
  /** Where policies decided. */
  explanation?: Explanation;
}

/** The JSON services' code, and that of STS. */
const codes: readonly unknown[] = ['AccessDeniedException', 'AccessDenied'];

/** The newest call that was not allowed, or whose key policy would have locked its author out; whoever made it. */
export function lastRefusal(trail: Trail): Refusal | undefined {
  for (const event of trail.events()) {
    if (event.explanation || codes.includes(event.errorCode)) return event as object as Refusal;
  }
  return undefined;
}
