import type { CancelKeyDeletionRequest, CancelKeyDeletionResponse } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { unplan } from '../world/due.js';
import { stateRevived } from '../world/imports.js';
import { states } from '../world/states.js';

export const cancelKeyDeletion: Operation<CancelKeyDeletionRequest, CancelKeyDeletionResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.cancelDeletion },
  do({ world, key }) {
    const { deletion, ...alive } = key;
    if (deletion?.due !== undefined) {
      unplan(world.store, deletion.due, { kind: 'delete-key', account: key.account, region: key.region, id: key.id });
    }
    world.change(alive, { state: stateRevived(key) });
    return { KeyId: key.arn };
  },
};
