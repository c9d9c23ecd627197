import type { Caller } from '../authz/caller.js';

/** Needs no permission: whoever can sign may ask who they are. */
export function getCallerIdentity({ userId, account, arn }: Caller): object {
  return { UserId: userId, Account: account, Arn: arn };
}
