import type { DisableKeyRotationRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { checkAutomatic, scheduled } from '../world/rotation.js';
import { states } from '../world/states.js';

export const disableKeyRotation: Operation<DisableKeyRotationRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.rotation },
  do({ world, key }) {
    checkAutomatic(key);
    world.putShared(scheduled(world, key.shared, undefined, world.now));
    return {};
  },
};
