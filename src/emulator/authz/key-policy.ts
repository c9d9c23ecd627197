import { type Place, partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import type { Key } from '../world/records.js';
import type { Access } from './access.js';
import { lockoutCheck } from './actions.js';
import { authorise } from './authorise.js';
import type { Caller } from './caller.js';
import { explain } from './explain.js';
import { checkGrammar } from './grammar.js';
import { Refusal } from './refusal.js';

/** Every key has one policy, of this name. */
export const policyName = 'default';

/** Refuse the name of a policy that no key has. */
export function checkPolicyName(name = policyName): void {
  if (name !== policyName) throw new Fault('NotFoundException', 'No such policy exists');
}

/** The policy of a key made without one: the account's identity policies decide. */
export function defaultKeyPolicy({ account, region }: Place): string {
  const policy = {
    Version: '2012-10-17',
    Id: 'key-default-1',
    Statement: [
      {
        Sid: 'Enable IAM User Permissions',
        Effect: 'Allow',
        Principal: { AWS: `arn:${partitionOf(region)}:iam::${account}:root` },
        Action: 'kms:*',
        Resource: '*',
      },
    ],
  };
  return JSON.stringify(policy, null, 2);
}

/** The request that brings a policy, as far as the policy's own conditions may ask about it. */
type Origin = Pick<Access, 'world' | 'from'>;

/**
 * Refuse a key policy that is none, or (unless told otherwise) one that would keep the caller from ever changing it again.
 * `key` has the new policy already.
 * @throws Fault MalformedPolicyDocumentException, LimitExceededException
 */
export function checkKeyPolicy(key: Key, caller: Caller, bypassLockoutCheck: boolean, origin: Origin = {}): void {
  checkGrammar(key.policy, key.region);
  if (bypassLockoutCheck) return;
  const action = lockoutCheck;
  const { world, from } = origin;
  const request = { KeyId: key.arn, Policy: key.policy };
  const common = { caller, action, operation: 'PutKeyPolicy', request, world, from };
  const access: Access = { ...common, resource: key.arn, key, region: key.region };
  const decision = authorise(access);
  if (decision.allowed) return;
  const message = 'The new key policy will not allow you to update the key policy in the future.';
  throw new Refusal(explain(access, decision), message, 'MalformedPolicyDocumentException');
}
