import type { StsOperation } from './operation.js';

/** Needs no permission: whoever can sign may ask who they are. */
export const getCallerIdentity: StsOperation = {
  input: {},
  issues: false,
  do: ({ caller: { userId, account, arn } }) => ({ UserId: userId, Account: account, Arn: arn }),
};
