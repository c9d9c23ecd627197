import type { EnableKeyRotationRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { checkAutomatic, scheduled } from '../world/rotation.js';
import { states } from '../world/states.js';

const usualDays = 365;

export const enableKeyRotation: Operation<EnableKeyRotationRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.rotation },
  do({ world, key, request }) {
    checkAutomatic(key);
    world.putShared(scheduled(world, key.shared, request.RotationPeriodInDays ?? usualDays, world.now));
    return {};
  },
};
