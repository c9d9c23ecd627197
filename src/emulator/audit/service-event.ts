import { randomUUID } from 'node:crypto';
import { keyArn } from '../arn.js';
import type { Store } from '../store/store.js';
import type { Instant, KeyRecord } from '../world/records.js';
import { append } from './journal.js';

/** What KMS does by itself, in CloudTrail's names. */
export type ServiceEventName = 'DeleteKey' | 'RotateKey' | 'DeleteExpiredKeyMaterial' | 'SynchronizeMultiRegionKey';

const internal = 'AWS Internal';

/** AWS's examples have a request id and an answer where one Region calls another, and call it a call. */
function kindOf(name: ServiceEventName, arn: string): object {
  if (name !== 'SynchronizeMultiRegionKey') return { responseElements: null, eventType: 'AwsServiceEvent' };
  return { responseElements: { keyId: arn }, requestID: randomUUID(), eventType: 'AwsApiCall' };
}

/**
 * Record what KMS has done to a key at a time, in the key's Region; inside a write. `details` become CloudTrail's
 * `serviceEventDetails` (docs.aws.amazon.com/kms/latest/developerguide: ct-rotatekey, ct-delete-key,
 * ct-deleteexpiredkeymaterial and ct-synchronize-multi-region-key).
 */
export function recordServiceEvent(
  store: Store,
  name: ServiceEventName,
  key: Pick<KeyRecord, 'account' | 'region' | 'id'>,
  at: Instant,
  details?: object,
): void {
  const arn = keyArn(key, key.id);
  const event = {
    eventVersion: '1.11',
    userIdentity: { accountId: key.account, invokedBy: internal },
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    eventSource: 'kms.amazonaws.com',
    eventName: name,
    awsRegion: key.region,
    sourceIPAddress: internal,
    userAgent: internal,
    requestParameters: null,
    ...kindOf(name, arn),
    eventID: randomUUID(),
    readOnly: false,
    resources: [{ accountId: key.account, type: 'AWS::KMS::Key', ARN: arn }],
    managementEvent: true,
    recipientAccountId: key.account,
    ...(details ? { serviceEventDetails: details } : {}),
    eventCategory: 'Management',
  };
  append(store, [event]);
}
