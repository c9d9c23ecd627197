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

/** What policies and the audit record know of where a request came from. */
export const fromOf = ({ sourceIp = '127.0.0.1', headers }: WireRequest): From => ({
  sourceIp,
  userAgent: headers['user-agent'] ?? '',
});

const common = ({ request, verified, requestId, time }: Origin) => ({
  requestId,
  time,
  region: verified.region,
  caller: verified.caller,
  ...fromOf(request),
  host: request.headers.host,
});

/** A call of KMS, as far as its passage has come. */
export function kmsCall(origin: Origin, { name, keys, notes, operation, request }: Passage): Audited {
  return {
    ...common(origin),
    ...{ service: 'kms', operation: name, request, keys: [...keys], notes, changes: operation.changes },
  };
}

/** A call of another service; these change nothing. */
export function otherCall(origin: Origin, { service, operation }: Route, request: object): Audited {
  return { ...common(origin), service, operation, request, keys: [], notes: {}, changes: false };
}
