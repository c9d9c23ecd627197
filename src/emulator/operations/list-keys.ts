import type { ListKeysRequest, ListKeysResponse } from '@aws-sdk/client-kms';
import { keyArn } from '../arn.js';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';

const sizes = { max: 1000, usual: 100 };

export const listKeys: Operation<ListKeysRequest, ListKeysResponse> = {
  changes: false,
  do({ world, request }) {
    const { items, reply } = pageOf(
      request,
      'ListKeys',
      sizes,
      (page) => world.keyIds(page),
      (id) => id,
    );
    return { Keys: items.map((id) => ({ KeyId: id, KeyArn: keyArn(world.place, id) })), ...reply };
  },
};
