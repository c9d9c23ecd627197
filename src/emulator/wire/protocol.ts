import { Fault } from '../fault.js';
import { operations } from './constraints.js';
import type { WireRequest, WireResponse } from './message.js';
import { encodeReply } from './parse.js';
import { parseQuery } from './query.js';
import { xmlFault, xmlReply } from './xml.js';

export type Service = 'kms' | 'sts' | 'cloudtrail';

/** Which operation of which service a request asks for. */
export interface Route {
  service: Service;
  /** In AWS's spelling: "Encrypt", "GetCallerIdentity". */
  operation: string;
}

const json = 'application/x-amz-json-1.1';

const stsOperationNames = ['AssumeRole', 'GetCallerIdentity', 'GetSessionToken'] as const;

/** An operation of STS that exists here. */
export type StsOperationName = (typeof stsOperationNames)[number];

/** Operations of the other two services that exist here; KMS's are those of its model. */
const known = {
  sts: new Set<string>(stsOperationNames),
  cloudtrail: new Set(['LookupEvents']),
} as const;

function unknown(message = ''): Fault {
  return new Fault('UnknownOperationException', message);
}

/** The media type without its parameters. */
function mediaType(request: WireRequest): string {
  const value = request.headers['content-type'] ?? '';
  const end = value.indexOf(';');
  return (end < 0 ? value : value.slice(0, end)).trim().toLowerCase();
}

/** The service a request speaks to, judged by its form alone. Never throws, so that every refusal has a shape. */
export function serviceOf(request: WireRequest): Service {
  const target = request.headers['x-amz-target'];
  if (target !== undefined) return target.includes('CloudTrail_20131101.') ? 'cloudtrail' : 'kms';
  if (mediaType(request) === 'application/x-www-form-urlencoded') return 'sts';
  return /[?&]Action=/.test(request.path) ? 'sts' : 'kms';
}

function stsRoute(request: WireRequest): Route {
  const parameters = parseQuery(request);
  const operation = parameters.get('Action') ?? '';
  if (known.sts.has(operation)) return { service: 'sts', operation };
  const version = parameters.get('Version') ?? 'NO_VERSION_SPECIFIED';
  throw unknown(`Could not find operation ${operation || 'NO_ACTION_SPECIFIED'} for version ${version}`);
}

/** Find the operation. Throws a Fault (UnknownOperationException) when there is none, or the content type is another protocol's. */
export function routeOf(request: WireRequest): Route {
  const service = serviceOf(request);
  if (service === 'sts') return stsRoute(request);
  const target = request.headers['x-amz-target'] ?? '';
  if (request.method !== 'POST' || mediaType(request) !== json) throw unknown();
  const dot = target.lastIndexOf('.');
  const prefix = target.slice(0, dot);
  const operation = target.slice(dot + 1);
  if (service === 'kms' && prefix === 'TrentService' && operations.has(operation)) return { service, operation };
  const cloudtrail =
    prefix === 'CloudTrail_20131101' || prefix === 'com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101';
  if (service === 'cloudtrail' && cloudtrail && known.cloudtrail.has(operation)) return { service, operation };
  throw unknown();
}

function answer(status: number, type: string, requestId: string, body: string): WireResponse {
  return {
    status,
    headers: {
      'x-amzn-requestid': requestId,
      'cache-control': 'no-cache, no-store, must-revalidate, private',
      'content-type': type,
      'content-length': String(Buffer.byteLength(body)),
    },
    body,
  };
}

/** A success in the shape of the route's protocol: JSON 1.1, or XML for STS. No reply: KMS's empty body. */
export function ok(reply: object | undefined, requestId: string, route?: Route): WireResponse {
  if (route?.service === 'sts') {
    return answer(200, 'text/xml', requestId, xmlReply(route.operation, reply ?? {}, requestId));
  }
  return answer(200, json, requestId, reply === undefined ? '' : encodeReply(reply));
}

/** A refusal in the shape of the service's protocol. */
export function failed(fault: Fault, requestId: string, service: Service = 'kms'): WireResponse {
  if (service === 'sts') {
    const { status, xml } = xmlFault(fault, requestId);
    return answer(status, 'text/xml', requestId, xml);
  }
  const message = fault.message === '' ? undefined : fault.message;
  const body = encodeReply({ __type: fault.code, ...fault.members, message });
  const response = answer(fault.status, json, requestId, body);
  response.headers['x-amzn-errortype'] = fault.code;
  return response;
}
