import type { DisableKeyRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { pauseRotation } from '../world/rotation.js';
import { states } from '../world/states.js';

export const disableKey: Operation<DisableKeyRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.onOff },
  do({ world, key }) {
    pauseRotation(world, key);
    world.change(key, { state: 'Disabled' });
    return {};
  },
};
