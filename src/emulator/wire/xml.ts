import type { Fault } from '../fault.js';

const namespace = 'https://sts.amazonaws.com/doc/2011-06-15/';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeXml(text: string): string {
  // Control characters cannot be in XML 1.0 at all.
  return text.replace(/[&<>"]/g, (c) => entities[c] as string).replace(/[^\t\n\r\u0020-\uffff]/g, '\ufffd');
}

function element(name: string, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return `<${name}>${value.map((entry) => element('member', entry)).join('')}</${name}>`;
  if (value instanceof Date) return `<${name}>${value.toISOString().replace(/\.\d+Z$/, 'Z')}</${name}>`;
  if (typeof value === 'object') return `<${name}>${members(value)}</${name}>`;
  return `<${name}>${escapeXml(String(value))}</${name}>`;
}

function members(value: object): string {
  return Object.entries(value)
    .map(([name, entry]) => element(name, entry))
    .join('');
}

/** A success of STS's query protocol. Times are ISO 8601. */
export function xmlReply(operation: string, reply: object, requestId: string): string {
  return (
    `<${operation}Response xmlns="${namespace}"><${operation}Result>${members(reply)}</${operation}Result>` +
    `<ResponseMetadata>${element('RequestId', requestId)}</ResponseMetadata></${operation}Response>`
  );
}

/** The query protocol's own names and statuses for refusals that JSON services answer with 400. */
const codes: Readonly<Record<string, readonly [code: string, status: number]>> = {
  MissingAuthenticationTokenException: ['MissingAuthenticationToken', 403],
  IncompleteSignatureException: ['IncompleteSignature', 400],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  ExpiredTokenException: ['ExpiredToken', 403],
  AccessDeniedException: ['AccessDenied', 403],
  AccessDenied: ['AccessDenied', 403],
  ValidationException: ['ValidationError', 400],
  UnknownOperationException: ['InvalidAction', 400],
  ThrottlingException: ['Throttling', 400],
};

/** A refusal of STS's query protocol, with its status. */
export function xmlFault(fault: Fault, requestId: string): { status: number; xml: string } {
  const [code, status] = codes[fault.code] ?? [fault.code, fault.status];
  const type = status < 500 ? 'Sender' : 'Receiver';
  const error = element('Error', { Type: type, Code: code, Message: fault.message });
  return {
    status,
    xml: `<ErrorResponse xmlns="${namespace}">${error}${element('RequestId', requestId)}</ErrorResponse>`,
  };
}
