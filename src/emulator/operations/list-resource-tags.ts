import type { ListResourceTagsRequest, ListResourceTagsResponse } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';
import { states } from '../world/states.js';

const sizes = { max: 50, usual: 50 };

export const listResourceTags: Operation<ListResourceTagsRequest, ListResourceTagsResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ key, request }) {
    const { items, reply } = pageOf(
      request,
      `ListResourceTags ${key.arn}`,
      sizes,
      ({ after = '', limit }) => key.tags.filter(({ TagKey }) => TagKey > after).slice(0, limit),
      ({ TagKey }) => TagKey,
    );
    return { Tags: [...items], ...reply };
  },
};
