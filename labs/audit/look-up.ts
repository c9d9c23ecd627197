import type { StepContext } from '../../src/lab/define.js';
import type { Sent, SentCall } from './sent.js';

type CloudTrail = Awaited<ReturnType<StepContext['cloudtrail']>>;

/** A record as CloudTrail tells it ("CloudTrail record contents" in its User Guide), as far as this lab reads it. */
export interface TrailRecord {
  eventTime?: string;
  eventSource?: string;
  eventName?: string;
  awsRegion?: string;
  recipientAccountId?: string;
  requestID?: string;
  readOnly?: boolean;
  managementEvent?: boolean;
  userIdentity?: { arn?: string };
  requestParameters?: { encryptionContext?: Record<string, string> } | null;
  responseElements?: unknown;
  additionalEventData?: { keyMaterialId?: string };
  resources?: { ARN?: string }[];
}

/** An event of one of the calls: its record, and the text in which CloudTrail keeps it. */
export interface Found extends SentCall {
  text: string;
  record: TrailRecord;
}

/** Clocks differ: AWS itself takes a request that is up to five minutes off. */
export const toleranceMs = 5 * 60_000;

/** A record out of its text; undefined when it is none. */
export function readRecord(text: string): TrailRecord | undefined {
  try {
    const record: unknown = JSON.parse(text);
    return typeof record === 'object' && record !== null ? record : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Look for what is missing, one operation after another, and stop at the first that is not there yet: the others are hardly
 * earlier, and CloudTrail answers few questions. An account's other calls of the same operation are passed over, page by page.
 */
export async function lookUp(trail: CloudTrail, sent: Sent, found: Map<string, Found>): Promise<void> {
  for (const call of sent.calls) {
    if (found.has(call.requestId)) continue;
    const event = await eventOf(trail, sent, call);
    if (!event) return;
    found.set(call.requestId, event);
  }
}

async function eventOf(trail: CloudTrail, { begun, ended }: Sent, call: SentCall): Promise<Found | undefined> {
  const request = {
    LookupAttributes: [{ AttributeKey: 'EventName' as const, AttributeValue: call.operation }],
    StartTime: new Date(Date.parse(begun) - toleranceMs),
    EndTime: new Date(Date.parse(ended) + toleranceMs),
  };
  let NextToken: string | undefined;
  do {
    const page = await trail.lookupEvents({ ...request, ...(NextToken && { NextToken }) });
    for (const { CloudTrailEvent: text = '' } of page.Events ?? []) {
      const record = readRecord(text);
      if (record?.requestID === call.requestId) return { ...call, text, record };
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return undefined;
}
