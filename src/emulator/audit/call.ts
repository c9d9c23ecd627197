import type { From } from '../authz/access.js';
import type { Verified } from '../authz/sigv4.js';
import type { Passage } from '../pipeline.js';
import type { WireRequest } from '../wire/message.js';
import type { Route } from '../wire/protocol.js';
import type { Instant } from '../world/records.js';
import type { Audited } from './record.js';

/** Where a call came from, and when; `time` on the world's clock. */
export interface Origin {
  request: WireRequest;
  verified: Verified;
  requestId: string;
  time: Instant;
}

/** How a call ended, as far as CloudTrail tells. */
type Outcome = Pick<Audited, 'reply' | 'fault'>;

/** What policies and the audit record know of where a request came from. */
export const fromOf = ({ sourceIp = '127.0.0.1', headers }: WireRequest): From => ({
  sourceIp,
  userAgent: headers['user-agent'] ?? '',
});

/**
 * A call of KMS, as far as its passage has come. Written out member by member, as `otherCall` is: every call is recorded, and objects
 * spread into another cost more than the rest of the record.
 */
export function kmsCall(origin: Origin, passage: Passage, outcome: Outcome = {}): Audited {
  const { request, verified } = origin;
  return {
    service: 'kms',
    operation: passage.name,
    request: passage.request,
    reply: outcome.reply,
    fault: outcome.fault,
    keys: [...passage.keys],
    notes: passage.notes,
    changes: passage.operation.changes,
    requestId: origin.requestId,
    time: origin.time,
    region: verified.region,
    caller: verified.caller,
    sourceIp: passage.from.sourceIp,
    userAgent: passage.from.userAgent,
    host: request.headers.host,
  };
}

/** A call of another service; these change nothing. */
export function otherCall(origin: Origin, route: Route, input: object, outcome: Outcome = {}): Audited {
  const { request, verified } = origin;
  const { sourceIp, userAgent } = fromOf(request);
  return {
    service: route.service,
    operation: route.operation,
    request: input,
    reply: outcome.reply,
    fault: outcome.fault,
    keys: [],
    notes: {},
    changes: false,
    requestId: origin.requestId,
    time: origin.time,
    region: verified.region,
    caller: verified.caller,
    sourceIp,
    userAgent,
    host: request.headers.host,
  };
}
