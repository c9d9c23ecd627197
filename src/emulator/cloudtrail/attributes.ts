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

/** How to recognise the records that have an attribute; `maybe` looks at the text alone, so that few need to be parsed. */
export function matcher(attribute: LookupAttribute | undefined) {
  const { AttributeKey: key, AttributeValue: value } = attribute ?? {};
  if (key === undefined || value === undefined) return { maybe: () => true, matches: () => true };
  return {
    maybe: (text: string) => text.includes(value),
    matches: (record: TrailRecord) => valuesOf[key](record).includes(value),
  };
}
