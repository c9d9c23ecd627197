import type { GetKeyRotationStatusRequest, GetKeyRotationStatusResponse } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const getKeyRotationStatus: Operation<GetKeyRotationStatusRequest, GetKeyRotationStatusResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.rotationStatus },
  do({ key }) {
    const { rotation, onDemand } = key.shared;
    // While its deletion is pending a key does not rotate, and says so; the setting comes back with the key.
    const schedule = key.deletion ? undefined : rotation;
    return {
      KeyId: key.id,
      KeyRotationEnabled: schedule !== undefined,
      ...(schedule ? { RotationPeriodInDays: schedule.days, NextRotationDate: new Date(schedule.next) } : {}),
      ...(onDemand === undefined ? {} : { OnDemandRotationStartDate: new Date(onDemand) }),
    };
  },
};
