import type { GetKeyLastUsageRequest, GetKeyLastUsageResponse } from '@aws-sdk/client-kms';
import { lastUsage } from '../audit/usage.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const getKeyLastUsage: Operation<GetKeyLastUsageRequest, GetKeyLastUsageResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.anything },
  do({ world, key }) {
    const used = lastUsage(world.store, key, key.id);
    const created = new Date(key.created);
    return {
      KeyId: key.arn,
      KeyLastUsage: used
        ? {
            Operation: used.operation,
            Timestamp: new Date(used.time),
            CloudTrailEventId: used.eventId,
            KmsRequestId: used.requestId,
          }
        : {},
      KeyCreationDate: created,
      TrackingStartDate: created,
    };
  },
};
