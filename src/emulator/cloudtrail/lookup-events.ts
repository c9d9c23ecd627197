import { createHash } from 'node:crypto';
import type { LookupEventsRequest, LookupEventsResponse } from '@aws-sdk/client-cloudtrail';
import type { Place } from '../arn.js';
import { shownToClients } from '../audit/record.js';
import type { Trail } from '../audit/trail.js';
import { Fault } from '../fault.js';
import type { Checked } from '../operation.js';
import type { Instant } from '../world/records.js';
import { hasAttribute, type TrailRecord, username } from './attributes.js';

/** The most events in one answer, and the usual number. */
const most = 50;
/** How far back LookupEvents reaches, in milliseconds. */
const reach = 90 * 86_400_000;

type Request = Checked<LookupEventsRequest>;

/** A token belongs to the request it continues: the same with other parameters is refused. */
const fingerprint = ({ NextToken: _, MaxResults: __, ...rest }: Request) =>
  createHash('sha256').update(JSON.stringify(rest)).digest('base64url').slice(0, 16);

const tokenOf = (request: Request, sequence: number) =>
  Buffer.from(`${fingerprint(request)} ${sequence}`).toString('base64url');

/** The sequence number of the last event already given. */
function sequenceIn(request: Request): number | undefined {
  const { NextToken } = request;
  if (NextToken === undefined) return undefined;
  const [, sequence] = Buffer.from(NextToken, 'base64url').toString().split(' ');
  if (NextToken !== tokenOf(request, Number(sequence))) throw new Fault('InvalidNextTokenException', 'Invalid token.');
  return Number(sequence);
}

function check({ MaxResults = most, LookupAttributes = [], StartTime, EndTime, EventCategory }: Request): void {
  if (MaxResults < 1 || MaxResults > most) {
    const message = `A max results value of ${MaxResults} is invalid. Specify max results between 1 and ${most}.`;
    throw new Fault('InvalidMaxResultsException', message);
  }
  if (LookupAttributes.length > 1) {
    throw new Fault('InvalidLookupAttributesException', 'You can specify only one lookup attribute.');
  }
  if (StartTime && EndTime && StartTime > EndTime) {
    throw new Fault('InvalidTimeRangeException', 'The start time must not be after the end time.');
  }
  if (EventCategory !== undefined && EventCategory !== 'insight') {
    throw new Fault('InvalidEventCategoryException', `${EventCategory} is not a valid event category.`);
  }
}

function reply(record: TrailRecord): NonNullable<LookupEventsResponse['Events']>[number] {
  const user = username(record);
  return {
    EventId: record.eventID,
    EventName: record.eventName,
    ReadOnly: String(record.readOnly),
    ...(record.userIdentity.accessKeyId && { AccessKeyId: record.userIdentity.accessKeyId }),
    EventTime: new Date(record.eventTime),
    EventSource: record.eventSource,
    ...(user && { Username: user }),
    Resources: record.resources.map(({ type, ARN }) => ({ ResourceType: type, ResourceName: ARN })),
    CloudTrailEvent: shownToClients(record),
  };
}

/** When a lookup is made, on the world's clock, and how late events are shown, in milliseconds. */
export interface LookupTime {
  now: Instant;
  lateTrail: number;
}

/** Events of one account and Region of the last 90 days, newest first. */
export function lookupEvents(request: Request, trail: Trail, place: Place, time: LookupTime): LookupEventsResponse {
  check(request);
  const before = sequenceIn(request);
  const { MaxResults = most, StartTime, EndTime, LookupAttributes: [attribute] = [] } = request;
  if (request.EventCategory === 'insight') return { Events: [] }; // nothing here has insights
  const from = Math.max(StartTime?.getTime() ?? 0, time.now - reach);
  const to = Math.min(EndTime?.getTime() ?? Number.POSITIVE_INFINITY, time.now - time.lateTrail);
  const Events: NonNullable<LookupEventsResponse['Events']> = [];
  let last = 0;
  for (const { event, sequence } of trail.entries(before)) {
    const record = event as object as TrailRecord;
    const at = Date.parse(record.eventTime);
    if (record.recipientAccountId !== place.account || record.awsRegion !== place.region) continue;
    if (at < from || at > to || !hasAttribute(record, attribute)) continue;
    if (Events.length === MaxResults) return { Events, NextToken: tokenOf(request, last) };
    Events.push(reply(record));
    last = sequence;
  }
  return { Events };
}
