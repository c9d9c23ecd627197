import type { ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse } from '@aws-sdk/client-kms';
import { outOfRange } from '../constraint.js';
import type { Operation } from '../operation.js';
import { isPrimary, scheduleEnd } from '../world/replicas.js';
import { pauseRotation } from '../world/rotation.js';
import { states } from '../world/states.js';

const [shortest, longest] = [7, 30];

export const scheduleKeyDeletion: Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.scheduleDeletion },
  check({ PendingWindowInDays: days = longest }) {
    if (days < shortest) throw outOfRange('pendingWindowInDays', days, `greater than or equal to ${shortest}`);
    if (days > longest) throw outOfRange('pendingWindowInDays', days, `less than or equal to ${longest}`);
  },
  do({ world, key, request }) {
    const days = request.PendingWindowInDays ?? longest;
    pauseRotation(world, key);
    if (isPrimary(key) && key.shared.regions.length > 1) {
      world.change(key, { state: 'PendingReplicaDeletion', deletion: { days } });
      return { KeyId: key.arn, KeyState: 'PendingReplicaDeletion', PendingWindowInDays: days };
    }
    const due = scheduleEnd(world, key, days, world.now);
    return { KeyId: key.arn, DeletionDate: new Date(due), KeyState: 'PendingDeletion', PendingWindowInDays: days };
  },
};
