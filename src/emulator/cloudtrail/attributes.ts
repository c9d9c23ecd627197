import type { LookupAttribute, LookupAttributeKey } from '@aws-sdk/client-cloudtrail';

/** What lookups read of a record. */
export interface TrailRecord {
  eventID: string;
  eventName: string;
  eventSource: string;
  eventTime: string;
  awsRegion: string;
  readOnly: boolean;
  recipientAccountId: string;
  resources: { type: string; ARN: string }[];
  userIdentity: { arn?: string; accessKeyId?: string; userName?: string };
}

/** A user's name; a session's name. */
export function username({ userIdentity: { userName, arn } }: TrailRecord): string | undefined {
  return userName ?? (arn?.includes('/') ? arn.slice(arn.lastIndexOf('/') + 1) : undefined);
}

/** Each attribute's values in a record. */
const valuesOf: Readonly<Record<LookupAttributeKey, (record: TrailRecord) => readonly (string | undefined)[]>> = {
  AccessKeyId: ({ userIdentity }) => [userIdentity.accessKeyId],
  EventId: ({ eventID }) => [eventID],
  EventName: ({ eventName }) => [eventName],
  EventSource: ({ eventSource }) => [eventSource],
  ReadOnly: ({ readOnly }) => [String(readOnly)],
  // By ARN, and by the key id in it.
  ResourceName: ({ resources }) => resources.flatMap(({ ARN }) => [ARN, ARN.slice(ARN.lastIndexOf('/') + 1)]),
  ResourceType: ({ resources }) => resources.map(({ type }) => type),
  Username: (record) => [username(record)],
};

/** Whether a record has an attribute; without one, every record is meant. */
export function hasAttribute(record: TrailRecord, attribute: LookupAttribute | undefined): boolean {
  const { AttributeKey: key, AttributeValue: value } = attribute ?? {};
  return key === undefined || value === undefined || valuesOf[key](record).includes(value);
}
