import { LabError, noAwsError } from '../errors.js';
import type { Service } from './endpoint.js';

/** The part of an HTTP response that tells who wrote it. */
interface Head {
  statusCode: number;
  headers: Readonly<Record<string, string>>;
}

/**
 * The body to hand to the SDK, or LabError('unreachable') when it is no answer of this service. A 5xx page (a load
 * balancer's, say) becomes an error in AWS's form, so that the SDK tries again and nobody sees the page.
 */
export function judge(service: Service, origin: string, head: Head, body: Buffer): Buffer {
  if (service === 'sts') {
    // A server that has no STS may refuse it in any words, which says nothing about its KMS.
    if (head.statusCode < 300 && isPage(body)) throw notAws('STS', origin, head);
    return body;
  }
  const name = service === 'kms' ? 'KMS' : 'CloudTrail';
  if (head.statusCode < 300) {
    if (!isNothing(body) && !isObject(body)) throw notAws(name, origin, head);
    return body;
  }
  if (namesError(head, body)) return body;
  if (head.statusCode >= 500) return unavailable(origin, head);
  throw notAws(name, origin, head);
}

const isPage = (body: Buffer): boolean => /^\s*<(!doctype html|html|head|body|title)/i.test(start(body));
const isObject = (body: Buffer): boolean => start(body).trimStart().startsWith('{');
/** An answer without members: AWS sends no bytes, moto_server sends null. */
const isNothing = (body: Buffer): boolean => body.length === 0 || start(body).trim() === 'null';
const start = (body: Buffer): string => body.subarray(0, 512).toString('latin1');

/** AWS names the error in `__type` or `code`, or in a header. */
function namesError(head: Head, body: Buffer): boolean {
  if (head.headers['x-amzn-errortype'] || head.headers['x-amzn-query-error'])
    return body.length === 0 || isObject(body);
  if (!isObject(body)) return false;
  try {
    const parsed = JSON.parse(body.toString('utf8')) as Record<string, unknown>;
    return [parsed.__type, parsed.code, parsed.Code].some((code) => typeof code === 'string');
  } catch {
    return false;
  }
}

function unavailable(origin: string, head: Head): Buffer {
  const message = `${origin} answered with status ${head.statusCode} and no AWS error`;
  const __type = head.statusCode <= 501 ? noAwsError : 'ServiceUnavailable';
  return Buffer.from(JSON.stringify({ __type, message }));
}

function notAws(name: string, origin: string, head: Head): LabError {
  const type = head.headers['content-type']?.split(';')[0] ?? 'no content type';
  return new LabError('unreachable', `${origin} answers, but it is no ${name} (${type}, status ${head.statusCode})`, {
    hint: 'check --endpoint-url and AWS_ENDPOINT_URL: another program listens there, or a proxy is in between',
  });
}
