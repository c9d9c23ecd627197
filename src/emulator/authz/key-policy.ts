import { type Place, partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import type { Key } from '../world/records.js';
import { authorise } from './authorise.js';
import type { Caller } from './caller.js';
import { statementsOf } from './policy.js';

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

const malformed = (message: string) => new Fault('MalformedPolicyDocumentException', message);

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw malformed('Policy is not valid JSON.');
  }
}

/** Refuse a key policy that is none, or (unless told otherwise) one that its author could never change again. */
export function checkKeyPolicy(key: Key, caller: Caller, bypassLockoutCheck: boolean): void {
  const statements = statementsOf(parse(key.policy));
  if (statements.length === 0) throw malformed('Policy must contain at least one statement.');
  for (const { Effect, Principal, NotPrincipal } of statements) {
    if (Effect !== 'Allow' && Effect !== 'Deny') throw malformed('Policy statement must contain a valid Effect.');
    if (Principal === undefined && NotPrincipal === undefined) {
      throw malformed('Policy statement must contain resources and principals.');
    }
  }
  if (bypassLockoutCheck) return;
  const access = { caller, action: 'kms:PutKeyPolicy', operation: 'PutKeyPolicy', request: {} };
  const { allowed } = authorise({ ...access, resource: key.arn, key, region: key.region });
  if (!allowed) throw malformed('The new key policy will not allow you to update the key policy in the future.');
}
