import { createHash } from 'node:crypto';
import { Fault } from '../fault.js';
import type { WireRequest } from '../wire/message.js';

/** A credential scope, with the access key it belongs to. */
export interface Scope {
  accessKeyId: string;
  /** YYYYMMDD. */
  date: string;
  region: string;
  service: string;
  terminator: string;
}

/** What an Authorization header says. */
export interface Authorization {
  scope: Scope;
  /** Lower-case names, in the order signed. */
  signedHeaders: string[];
  /** Hexadecimal. */
  signature: string;
}

function incomplete(message: string): Fault {
  return new Fault('IncompleteSignatureException', message);
}

/** AWS shows the header it could not read as a digest: it may hold a secret. */
function digest(header: string): string {
  const hashed = createHash('sha256').update(header).digest('base64');
  return `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashed}`;
}

function parameters(header: string): Map<string, string> {
  const found = new Map<string, string>();
  for (const part of header.slice(header.indexOf(' ') + 1).split(',')) {
    const equals = part.indexOf('=');
    if (equals > 0) found.set(part.slice(0, equals).trim(), part.slice(equals + 1).trim());
  }
  return found;
}

function scopeOf(credential: string): Scope {
  const parts = credential.split('/');
  if (parts.length !== 5) {
    throw incomplete(
      `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, got '${credential}'`,
    );
  }
  const [accessKeyId, date, region, service, terminator] = parts as [string, string, string, string, string];
  return { accessKeyId, date, region, service, terminator };
}

/** Read the Authorization header. Throws MissingAuthenticationToken or IncompleteSignature. */
export function authorizationOf(headers: Readonly<Record<string, string>>): Authorization {
  const header = headers.authorization;
  if (!header) throw new Fault('MissingAuthenticationTokenException', 'Missing Authentication Token');
  if (!header.startsWith('AWS4-HMAC-SHA256')) {
    throw incomplete(`Unsupported AWS 'algorithm': '${header.split(' ', 1)[0]?.slice(0, 32)}'.`);
  }
  const given = parameters(header);
  const [credential, signature, signed] = [given.get('Credential'), given.get('Signature'), given.get('SignedHeaders')];
  const missing: string[] = [];
  if (!credential) missing.push("Authorization header requires 'Credential' parameter.");
  if (!signature) missing.push("Authorization header requires 'Signature' parameter.");
  if (!signed) missing.push("Authorization header requires 'SignedHeaders' parameter.");
  if (headers['x-amz-date'] === undefined && headers.date === undefined) {
    missing.push("Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header.");
  }
  if (!credential || !signature || !signed || missing.length > 0) {
    throw incomplete(`${missing.join(' ')} ${digest(header)}`);
  }
  const signedHeaders = signed.toLowerCase().split(';');
  if (!signedHeaders.includes('host')) {
    throw incomplete("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return { scope: scopeOf(credential), signedHeaders, signature };
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Encoded once more, as every service but S3 wants it. */
function canonicalPath(path: string): string {
  return path === '/' || path === '' ? '/' : path.split('/').map(encode).join('/');
}

/** Sorted, strictly encoded. */
function canonicalQuery(query: string): string {
  const pairs = [...new URLSearchParams(query.replaceAll('+', '%2B'))].map(([k, v]) => [encode(k), encode(v)] as const);
  pairs.sort(([a, x], [b, y]) => (a < b ? -1 : a > b ? 1 : x < y ? -1 : x > y ? 1 : 0));
  return pairs.map(([name, value]) => `${name}=${value}`).join('&');
}

/** White space that a canonical header value does not have. */
const spaces = /^\s|\s$|\s\s|[^\S ]/;

/** The text whose hash is signed. `bodyHash` is that of the bytes that arrived, whatever a header says about them. */
export function canonicalRequest(request: WireRequest, signedHeaders: readonly string[], bodyHash: string): string {
  const at = request.path.indexOf('?');
  const path = at < 0 ? request.path : request.path.slice(0, at);
  const query = at < 0 ? '' : canonicalQuery(request.path.slice(at + 1));
  let lines = '';
  for (const name of signedHeaders) {
    const value = Object.hasOwn(request.headers, name) ? (request.headers[name] as string) : '';
    lines += `${name}:${spaces.test(value) ? value.trim().replace(/\s+/g, ' ') : value}\n`;
  }
  return `${request.method}\n${canonicalPath(path)}\n${query}\n${lines}\n${signedHeaders.join(';')}\n${bodyHash}`;
}
