import { createHash } from 'node:crypto';
import { classify, LabError } from '../errors.js';
import { whyNotOffered } from './offered.js';

/** A checked statement, as `verify` hands it to the runner. */
export interface Claim {
  claim: string;
  passed: boolean;
  detail?: string;
  expected?: string;
  got?: string;
}

export type Value = string | number | boolean | undefined;

export type Opening = Promise<{ Plaintext?: Uint8Array | undefined }>;

/** What `that` compares, in words. */
export interface Shown {
  expected: string;
  got: string;
  detail?: string;
}

/** What an attempt at a claim came to; `error` when it proves nothing. */
export interface Judged<Answer = undefined> {
  claim: Claim;
  answer?: Answer | undefined;
  error?: unknown;
}

/** How bytes appear to people: their number and SHA-256, shortened. */
export function digest(bytes: Uint8Array | undefined): string {
  if (!bytes) return 'no bytes';
  return `${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}…`;
}

/** Kinds that say nothing about the claim: the call never got as far as being judged. */
const inconclusive = new Set(['credentials', 'denied', 'unreachable', 'quota', 'interrupted', 'terminated', 'guard']);

const window = 16;

export function reveals(blob: Uint8Array, secret: Uint8Array): boolean {
  const size = Math.min(window, secret.length);
  const haystack = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  for (let at = 0; at + size <= secret.length; at++) {
    if (haystack.includes(Buffer.from(secret.subarray(at, at + size)))) return true;
  }
  return false;
}

const exceptionName = (error: unknown): string => (error instanceof Error ? error.name : String(error));

export const same = (got: Uint8Array | undefined, expected: Uint8Array) => !!got && Buffer.compare(got, expected) === 0;

export function compared(claim: string, passed: boolean, { expected, got, detail }: Shown): Claim {
  return { claim, passed, ...(detail && { detail }), ...(!passed && { expected, got }) };
}

export async function judgeOpens(claim: string, call: Opening, expected: Uint8Array): Promise<Judged> {
  const judge = (passed: boolean, got: string) => compared(claim, passed, { expected: digest(expected), got });
  try {
    const { Plaintext: got } = await call;
    return { claim: judge(same(got, expected), digest(got)) };
  } catch (error) {
    return { claim: judge(false, exceptionName(error)), ...(!isRefusal(error) && { error }) };
  }
}

export async function judgeRefused(
  claim: string,
  call: Promise<unknown>,
  exception: string,
  permitted = false,
): Promise<Judged> {
  const judge = (passed: boolean, got: string) =>
    compared(claim, passed, { expected: exception, got, ...(passed && { detail: exception }) });
  try {
    await call;
    return { claim: judge(false, 'the call succeeded') };
  } catch (error) {
    const passed = exceptionName(error) === exception;
    const judged = passed || isRefusal(error) || (permitted && isDenial(error));
    return { claim: judge(passed, exceptionName(error)), ...(!judged && { error }) };
  }
}

export async function judgeAllowed<Answer>(claim: string, call: Promise<Answer>): Promise<Judged<Answer>> {
  try {
    return { answer: await call, claim: compared(claim, true, { expected: '', got: '' }) };
  } catch (error) {
    const judged = { claim: compared(claim, false, { expected: 'an answer', got: exceptionName(error) }) };
    return isRefusal(error) || isDenial(error) ? judged : { ...judged, error };
  }
}

/** The service, or the lab's own code, judged and said no; that an operation does not exist is no judgement. */
const isRefusal = (error: unknown) =>
  (isAnswer(error) || (error instanceof LabError && error.kind === 'refused')) &&
  !inconclusive.has(classify(error).kind) &&
  whyNotOffered(error) === undefined;

/** The service said that this caller may not. */
export const isDenial = (error: unknown) => isAnswer(error) && classify(error).kind === 'denied';

/** An error that the service answered, as opposed to one of the network or of this program. */
export function isAnswer(error: unknown): boolean {
  const fault = (error as { $fault?: unknown } | null)?.$fault;
  return fault === 'client' || fault === 'server';
}
