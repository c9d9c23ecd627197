import type { LookupEventsRequest } from '@aws-sdk/client-cloudtrail';
import type { Trail } from '../audit/trail.js';
import { type Access, authorise } from '../authz/authorise.js';
import { Fault } from '../fault.js';
import type { Checked } from '../operation.js';
import type { Shape } from '../wire/constraints.js';
import { decodeMembers, readJson } from '../wire/decode.js';
import { validate } from '../wire/validate.js';
import { type LookupTime, lookupEvents } from './lookup-events.js';

const text = (shape: string, more: Partial<Shape> = {}): Shape => ({ type: 'string', shape, ...more });

/** LookupEvents' request as CloudTrail's API model has it; what has an exception of its own is checked by the operation. */
const model: Record<string, Shape> = {
  LookupAttributes: {
    type: 'list',
    shape: 'LookupAttributesList',
    member: {
      type: 'structure',
      shape: 'LookupAttribute',
      members: {
        AttributeKey: text('LookupAttributeKey', {
          required: true,
          enum: [
            ...['EventId', 'EventName', 'ReadOnly', 'Username', 'ResourceType', 'ResourceName', 'EventSource'],
            'AccessKeyId',
          ],
        }),
        AttributeValue: text('LookupAttributeValue', { required: true, max: 2000, min: 1 }),
      },
    },
  },
  StartTime: { type: 'timestamp', shape: 'Date' },
  EndTime: { type: 'timestamp', shape: 'Date' },
  EventCategory: text('EventCategory'),
  MaxResults: { type: 'integer', shape: 'MaxResults' },
  NextToken: text('NextToken'),
};

/** Read a body as a request of LookupEvents. Throws SerializationException or ValidationException. */
export function parseLookup(body: Uint8Array): Checked<LookupEventsRequest> {
  const request = decodeMembers(model, readJson(body));
  validate(model, request);
  return request as Checked<LookupEventsRequest>;
}

/** Answer a lookup for who may make one. */
export function answerLookup(
  request: Checked<LookupEventsRequest>,
  { caller, region }: Pick<Access, 'caller' | 'region'>,
  trail: Trail,
  time: LookupTime,
): object {
  const action = 'cloudtrail:LookupEvents';
  const access = { caller, action, resource: '*', operation: 'LookupEvents', request, region, time: time.now };
  const { allowed, reason } = authorise(access);
  if (!allowed) {
    throw new Fault('AccessDeniedException', `User: ${caller.arn} is not authorized to perform: ${action} ${reason}`);
  }
  return lookupEvents(request, trail, { account: caller.account, region }, time);
}
