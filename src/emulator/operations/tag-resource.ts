import type { TagResourceRequest } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';
import { withTags } from '../world/tags.js';

export const tagResource: Operation<TagResourceRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.notDying },
  do({ world, key, request }) {
    world.change(key, { tags: withTags(key.tags, request.Tags) });
    return {};
  },
};
