import type { GetKeyPolicyRequest, GetKeyPolicyResponse } from '@aws-sdk/client-kms';
import { checkPolicyName, policyName } from '../authz/key-policy.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const getKeyPolicy: Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ key, request }) {
    checkPolicyName(request.PolicyName);
    return { Policy: key.policy, PolicyName: policyName };
  },
};
