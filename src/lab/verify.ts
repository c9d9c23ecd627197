import { createHash } from 'node:crypto';
import { classify } from '../errors.js';

/** A checked statement, as `verify` hands it to the runner. */
export interface Claim {
  claim: string;
  passed: boolean;
  detail?: string;
  expected?: string;
  got?: string;
}

type Value = string | number | boolean | undefined;

/** The ways to make a claim. None throws when the claim fails: the runner is told, and the step has failed. */
export interface Verify {
  /** `got` is `expected`. Not for secrets: a failure shows both. */
  equal(claim: string, got: Value, expected: Value): void;
  /** Byte for byte the same. A failure shows lengths and SHA-256, never the bytes. */
  sameBytes(claim: string, got: Uint8Array | undefined, expected: Uint8Array): void;
  /** At least one byte differs. */
  differentBytes(claim: string, one: Uint8Array | undefined, other: Uint8Array | undefined): void;
  /** `secret` (16 bytes of it in a row suffice to fail) stands nowhere in `blob`. */
  hidden(claim: string, blob: Uint8Array | undefined, secret: Uint8Array): void;
  /** The call gives this plaintext. A refusal fails the claim; being denied or cut off proves nothing and ends the step. */
  opens(claim: string, call: Promise<{ Plaintext?: Uint8Array | undefined }>, expected: Uint8Array): Promise<void>;
  /** The call is refused with exactly this exception. Being denied or cut off proves nothing and ends the step. */
  refused(claim: string, call: Promise<unknown>, exception: string): Promise<void>;
  /** Anything else: `expected` and `got` say what was compared. */
  that(claim: string, holds: boolean, shown: { expected: string; got: string; detail?: string }): void;
}

/** How bytes appear to people: their number and SHA-256, shortened. */
function digest(bytes: Uint8Array | undefined): string {
  if (!bytes) return 'no bytes';
  return `${bytes.length} bytes, SHA-256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}…`;
}

/** Kinds that say nothing about the claim: the call never got as far as being judged. */
const inconclusive = new Set(['credentials', 'denied', 'unreachable', 'quota', 'interrupted', 'terminated', 'guard']);

const window = 16;

function reveals(blob: Uint8Array, secret: Uint8Array): boolean {
  const size = Math.min(window, secret.length);
  const haystack = Buffer.from(blob.buffer, blob.byteOffset, blob.byteLength);
  for (let at = 0; at + size <= secret.length; at++) {
    if (haystack.includes(Buffer.from(secret.subarray(at, at + size)))) return true;
  }
  return false;
}

function exceptionName(error: unknown): string {
  return error instanceof Error ? error.name : String(error);
}

/** Make the `verify` of one step; each claim goes to `tell` as it is checked. */
export function verifier(tell: (claim: Claim) => void): Verify {
  const compare = (claim: string, passed: boolean, expected: string, got: string, detail?: string) =>
    tell({ claim, passed, ...(detail && { detail }), ...(!passed && { expected, got }) });
  return {
    equal: (claim, got, expected) => compare(claim, got === expected, String(expected), String(got)),
    sameBytes: (claim, got, expected) =>
      compare(claim, !!got && Buffer.compare(got, expected) === 0, digest(expected), digest(got)),
    differentBytes: (claim, one, other) =>
      compare(claim, !!one && !!other && Buffer.compare(one, other) !== 0, 'other bytes', `the same ${digest(other)}`),
    hidden: (claim, blob, secret) =>
      compare(
        claim,
        !!blob && blob.length > 0 && secret.length > 0 && !reveals(blob, secret),
        `${digest(blob)} without any part of the plaintext`,
        blob?.length ? 'plaintext inside' : 'no bytes',
      ),
    async opens(claim, call, expected) {
      try {
        const { Plaintext: got } = await call;
        compare(claim, !!got && Buffer.compare(got, expected) === 0, digest(expected), digest(got));
      } catch (error) {
        if (!isRefusal(error)) throw error;
        compare(claim, false, digest(expected), exceptionName(error));
      }
    },
    that: (claim, holds, { expected, got, detail }) => compare(claim, holds, expected, got, detail),
    async refused(claim, call, exception) {
      try {
        await call;
      } catch (error) {
        const name = exceptionName(error);
        if (name !== exception && !isRefusal(error)) throw error;
        compare(claim, name === exception, exception, name, name === exception ? exception : undefined);
        return;
      }
      compare(claim, false, exception, 'the call succeeded');
    },
  };
}

/** The service judged the call, and said no. */
const isRefusal = (error: unknown) => isAnswer(error) && !inconclusive.has(classify(error).kind);

/** An error that the service answered, as opposed to one of the network or of this program. */
export function isAnswer(error: unknown): boolean {
  const fault = (error as { $fault?: unknown } | null)?.$fault;
  return fault === 'client' || fault === 'server';
}
