import { createHmac, hash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../fault.js';
import type { WireRequest } from '../wire/message.js';
import { type Service, serviceOf } from '../wire/protocol.js';
import type { Caller } from './caller.js';
import { authorizationOf, canonicalRequest, type Scope } from './canonical.js';

/** What is known about an access key. */
export interface Credential {
  secret: string;
  /** Temporary credentials: the token every request must carry. */
  sessionToken?: string;
  /** Temporary credentials: when they stop working (wall clock). */
  expires?: Date;
  caller: Caller;
}

export type CredentialLookup = (accessKeyId: string) => Credential | undefined;

/** Who asks, and for which Region and service, as the signature proves. */
export interface Verified {
  caller: Caller;
  region: string;
  service: Service;
}

/** How far a signature's date may be from ours. */
const skewMs = 5 * 60_000;

/** Signing keys that are kept: one per secret, day, Region and service. A class room needs a few dozen. */
const keptKeys = 512;
const signingKeys = new Map<string, Buffer>();

function signingKey(secret: string, { date, region, service }: Scope): Buffer {
  const name = `${date}/${region}/${service}/${secret}`;
  const kept = signingKeys.get(name);
  if (kept) return kept;
  let key: Buffer | string = `AWS4${secret}`;
  for (const part of [date, region, service, 'aws4_request']) key = createHmac('sha256', key).update(part).digest();
  if (signingKeys.size >= keptKeys) signingKeys.clear();
  signingKeys.set(name, key as Buffer);
  return key as Buffer;
}

function invalid(message: string): Fault {
  return new Fault('InvalidSignatureException', message);
}

function unrecognised(): Fault {
  return new Fault('UnrecognizedClientException', 'The security token included in the request is invalid.');
}

function sha256(data: Uint8Array | string): string {
  return hash('sha256', data, 'hex');
}

/** ISO 8601 basic format, as SigV4 writes it. */
function basic(date: Date): string {
  return `${date.toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
}

/** The date a request was signed at, in ISO 8601 basic format. */
function signedAt(headers: Readonly<Record<string, string>>): string {
  const given = headers['x-amz-date'] ?? headers.date ?? '';
  if (/^\d{8}T\d{6}Z$/.test(given)) return given;
  const date = headers['x-amz-date'] === undefined ? new Date(given) : new Date(Number.NaN);
  if (!Number.isNaN(date.getTime())) return basic(date);
  throw new Fault(
    'IncompleteSignatureException',
    `Date must be in ISO-8601 'basic format'. Got '${given}'. See http://en.wikipedia.org/wiki/ISO_8601`,
  );
}

function checkDate(at: string, now: Date): void {
  const part = (from: number, to?: number) => at.slice(from, to);
  const date = `${part(0, 4)}-${part(4, 6)}-${part(6, 11)}:${part(11, 13)}:${part(13)}`;
  const time = Date.parse(date);
  const [earliest, latest] = [now.getTime() - skewMs, now.getTime() + skewMs];
  // Whole seconds, as the header has them: what is signed now is not in the future.
  if (Number.isNaN(time) || time < Math.floor(earliest / 1000) * 1000) {
    throw invalid(`Signature expired: ${at} is now earlier than ${basic(new Date(earliest))} (${basic(now)} - 5 min.)`);
  }
  if (time > latest) {
    const limit = basic(new Date(latest));
    throw invalid(`Signature not yet current: ${at} is still later than ${limit} (${basic(now)} + 5 min.)`);
  }
}

function checkScope(scope: Scope, at: string, service: Service): void {
  if (scope.terminator !== 'aws4_request') {
    throw invalid(`Credential should be scoped with a valid terminator: 'aws4_request', not '${scope.terminator}'. `);
  }
  if (scope.service !== service) throw invalid(`Credential should be scoped to correct service: '${service}'. `);
  if (!/^[a-z0-9-]{1,32}$/.test(scope.region)) throw invalid('Credential should be scoped to a valid region. ');
  if (scope.date !== at.slice(0, 8)) {
    throw invalid(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${scope.date}' != '${at.slice(0, 8)}', from '${at}'.`,
    );
  }
}

function checkToken(credential: Credential, token: string | undefined, now: Date): void {
  if ((token ?? '') !== (credential.sessionToken ?? '')) throw unrecognised();
  if (credential.expires && credential.expires <= now) {
    throw new Fault('ExpiredTokenException', 'The security token included in the request is expired');
  }
}

/** Compare a signature, hexadecimal, in a time that does not tell where it differs. */
function isSame(given: string, expected: Buffer): boolean {
  const bytes = Buffer.from(given, 'hex'); // ends at the first character that is no digit
  const whole = bytes.length === expected.length && given.length === 2 * expected.length;
  return whole && timingSafeEqual(bytes, expected);
}

/**
 * Verify a request's AWS Signature Version 4. Throws a Fault with the code the service answers.
 * `now` is the wall clock: signatures do not follow the emulator's movable clock.
 */
export function verify(request: WireRequest, lookup: CredentialLookup, now: Date): Verified {
  const { headers } = request;
  const { scope, signedHeaders, signature } = authorizationOf(headers);
  const at = signedAt(headers);
  const service = serviceOf(request);
  const credential = lookup(scope.accessKeyId);
  if (!credential) throw unrecognised();
  checkScope(scope, at, service);
  checkDate(at, now);
  const canonical = sha256(canonicalRequest(request, signedHeaders, sha256(request.body)));
  const toSign = `AWS4-HMAC-SHA256\n${at}\n${scope.date}/${scope.region}/${scope.service}/aws4_request\n${canonical}`;
  const expected = createHmac('sha256', signingKey(credential.secret, scope)).update(toSign).digest();
  if (!isSame(signature, expected)) {
    throw invalid(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    );
  }
  checkToken(credential, headers['x-amz-security-token'], now);
  return { caller: credential.caller, region: scope.region, service };
}
