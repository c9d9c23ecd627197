import type { UntagResourceRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';
import { checkTagNames } from '../world/tags.js';

export const untagResource: Operation<UntagResourceRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.notDying },
  do({ world, key, request }) {
    checkTagNames(request.TagKeys);
    world.change(key, { tags: key.tags.filter(({ TagKey }) => !request.TagKeys.includes(TagKey)) });
    return {};
  },
};
