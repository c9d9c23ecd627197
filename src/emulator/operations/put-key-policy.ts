import type { PutKeyPolicyRequest } from '@aws-sdk/client-kms';
import { checkKeyPolicy, checkPolicyName } from '../authz/key-policy.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const putKeyPolicy: Operation<PutKeyPolicyRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ world, from, caller, key, request }) {
    const { Policy: policy, PolicyName, BypassPolicyLockoutSafetyCheck: bypass = false } = request;
    checkPolicyName(PolicyName);
    checkKeyPolicy({ ...key, policy }, caller, bypass, { world, from });
    world.change(key, { policy });
    return {};
  },
};
