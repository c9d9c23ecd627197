import type { ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse } from '@aws-sdk/client-kms';
import { outOfRange } from '../constraint.js';
import type { Operation } from '../operation.js';
import { plan } from '../world/due.js';
import { states } from '../world/states.js';

const [shortest, longest] = [7, 30];
const day = 24 * 60 * 60 * 1000;

export const scheduleKeyDeletion: Operation<ScheduleKeyDeletionRequest, ScheduleKeyDeletionResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.scheduleDeletion },
  check({ PendingWindowInDays: days = longest }) {
    if (days < shortest) throw outOfRange('pendingWindowInDays', days, `greater than or equal to ${shortest}`);
    if (days > longest) throw outOfRange('pendingWindowInDays', days, `less than or equal to ${longest}`);
  },
  do({ world, key, request }) {
    const days = request.PendingWindowInDays ?? longest;
    const due = world.now + days * day;
    world.change(key, { state: 'PendingDeletion', deletion: { days, due } });
    plan(world.store, due, { kind: 'delete-key', account: key.account, region: key.region, id: key.id });
    return { KeyId: key.arn, DeletionDate: new Date(due), KeyState: 'PendingDeletion', PendingWindowInDays: days };
  },
};
