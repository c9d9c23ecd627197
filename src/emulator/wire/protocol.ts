import type { Fault } from '../fault.js';
import type { WireRequest, WireResponse } from './message.js';

export type Service = 'kms' | 'sts' | 'cloudtrail';

/** Which operation of which service a request asks for. */
export interface Route {
  service: Service;
  /** In AWS's spelling: "Encrypt", "GetCallerIdentity". */
  operation: string;
}

/** The service a request speaks to, judged by its form alone. Never throws, so that every refusal has a shape. */
export function serviceOf(_request: WireRequest): Service {
  return 'kms';
}

/** Find the operation. Throws a Fault (UnknownOperationException, …) when there is none. */
export function routeOf(_request: WireRequest): Route {
  return { service: 'kms', operation: '' };
}

/** A success in the shape of the route's protocol: JSON 1.1, or XML for STS. */
export function ok(_reply: object, _requestId: string, _route?: Route): WireResponse {
  return { status: 200, headers: {}, body: new Uint8Array() };
}

/** A refusal in the shape of the service's protocol. */
export function failed(fault: Fault, _requestId: string, _service: Service = 'kms'): WireResponse {
  return { status: fault.status, headers: {}, body: new Uint8Array() };
}
