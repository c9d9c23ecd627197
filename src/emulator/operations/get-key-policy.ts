import type { GetKeyPolicyRequest, GetKeyPolicyResponse } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const getKeyPolicy: Operation<GetKeyPolicyRequest, GetKeyPolicyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ key, request }) {
    const name = request.PolicyName ?? 'default';
    if (name !== 'default') throw new Fault('NotFoundException', 'No such policy exists');
    return { Policy: key.policy, PolicyName: name };
  },
};
