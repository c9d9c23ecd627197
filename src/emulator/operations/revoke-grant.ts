import type { RevokeGrantRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { removeGrant } from '../world/grants.js';
import { resolveGrant } from '../world/resolve-grant.js';
import { states } from '../world/states.js';

export const revokeGrant: Operation<RevokeGrantRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ world, key, request }) {
    removeGrant(world.store, resolveGrant(world, key, request));
    return {};
  },
};
