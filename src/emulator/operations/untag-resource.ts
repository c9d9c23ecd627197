import type { UntagResourceRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const untagResource: Operation<UntagResourceRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.notDying },
  do({ world, key, request }) {
    world.change(key, { tags: key.tags.filter(({ TagKey }) => !request.TagKeys.includes(TagKey)) });
    return {};
  },
};
