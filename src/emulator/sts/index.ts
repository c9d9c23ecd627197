import type { Caller } from '../authz/caller.js';
import { getCallerIdentity } from './get-caller-identity.js';

/** The operations of STS that labs and AWS tools need. */
export const stsOperations: Readonly<Record<string, (caller: Caller) => object>> = {
  GetCallerIdentity: getCallerIdentity,
};
