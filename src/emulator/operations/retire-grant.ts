import type { RetireGrantRequest } from '@aws-sdk/client-kms';
import { mayRetire } from '../authz/retire.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { removeGrant } from '../world/grants.js';
import { keyOfToken, resolveGrant } from '../world/resolve-grant.js';
import { states } from '../world/states.js';

export const retireGrant: Operation<RetireGrantRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', otherwise: { find: keyOfToken }, states: states.anything },
  authorise: mayRetire,
  check({ GrantToken, KeyId, GrantId }) {
    const byId = KeyId !== undefined && GrantId !== undefined;
    const byIdInPart = KeyId !== undefined || GrantId !== undefined;
    if (GrantToken === undefined ? byId : !byIdInPart) return;
    throw new Fault('ValidationException', 'You must specify either GrantToken, or both KeyId and GrantId.');
  },
  do({ world, key, request, note }) {
    const grant = resolveGrant(world, key, request);
    removeGrant(world.store, grant);
    note({ grantId: grant.id });
    return {};
  },
};
