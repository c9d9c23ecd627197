import type { ListKeyPoliciesRequest, ListKeyPoliciesResponse } from '@aws-sdk/client-kms';
import { policyName } from '../authz/key-policy.js';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';
import { states } from '../world/states.js';

const sizes = { max: 1000, usual: 100 };

export const listKeyPolicies: Operation<ListKeyPoliciesRequest, ListKeyPoliciesResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ key, request }) {
    const { items, reply } = pageOf(
      request,
      `ListKeyPolicies ${key.arn}`,
      sizes,
      ({ after = '' }) => [policyName].filter((name) => name > after),
      (name) => name,
    );
    return { PolicyNames: items, ...reply };
  },
};
