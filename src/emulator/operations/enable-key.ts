import type { EnableKeyRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { resumeRotation } from '../world/rotation.js';
import { states } from '../world/states.js';

export const enableKey: Operation<EnableKeyRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.onOff },
  do({ world, key }) {
    world.change(key, { state: 'Enabled' });
    resumeRotation(world, key);
    return {};
  },
};
