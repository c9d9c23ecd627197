import type { RotateKeyOnDemandRequest, RotateKeyOnDemandResponse } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { beginOnDemand } from '../world/rotation.js';
import { states } from '../world/states.js';

export const rotateKeyOnDemand: Operation<RotateKeyOnDemandRequest, RotateKeyOnDemandResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.rotateNow },
  do({ world, key }) {
    beginOnDemand(world, key);
    return { KeyId: key.id };
  },
};
