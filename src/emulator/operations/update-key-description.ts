import type { UpdateKeyDescriptionRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const updateKeyDescription: Operation<UpdateKeyDescriptionRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.notDying },
  do({ world, key, request }) {
    world.change(key, { description: request.Description });
    return {};
  },
};
