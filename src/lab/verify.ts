import { createHash } from 'node:crypto';
import { classify, LabError } from '../errors.js';
import { whyNotOffered } from './offered.js';
import { lookUntil, type Patience } from './until.js';

/** A checked statement, as `verify` hands it to the runner. */
export interface Claim {
  claim: string;
  passed: boolean;
  detail?: string;
  expected?: string;
  got?: string;
}

export type Value = string | number | boolean | undefined;

type Opening = Promise<{ Plaintext?: Uint8Array | undefined }>;

/** What `that` compares, in words. */
export interface Shown {
  expected: string;
  got: string;
  detail?: string;
}

/** What is known of who makes a call. */
interface Caller {
  permitted: true;
}

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
  opens(claim: string, call: Opening, expected: Uint8Array): Promise<void>;
  /**
   * The call is refused with exactly this exception. Being denied or cut off proves nothing and ends the step; only of a caller
   * who is `permitted` (KMS has just let it make such a call) a denial is an answer like any other, and fails the claim.
   */
  refused(claim: string, call: Promise<unknown>, exception: string, caller?: Caller): Promise<void>;
  /** The call is done; its answer. A refusal fails the claim, being denied too, and gives undefined. */
  allowed<Answer>(claim: string, call: Promise<Answer>): Promise<Answer | undefined>;
  /** Anything else: `expected` and `got` say what was compared. */
  that(claim: string, holds: boolean, shown: Shown): void;
  /**
   * The same about a change that has just been made (a key disabled, a policy put, a grant revoked, an alias moved), which KMS
   * may take minutes to know everywhere: asks again until it holds or a deadline passes (5 minutes on AWS).
   */
  readonly soon: Soon;
}

/** Claims that are given time. Each takes a function, since it is asked more than once. */
export interface Soon {
  equal(claim: string, ask: () => Promise<Value>, expected: Value): Promise<void>;
  /** A denial is waited out as well, and proves nothing in the end. */
  opens(claim: string, call: () => Opening, expected: Uint8Array): Promise<void>;
  refused(claim: string, call: () => Promise<unknown>, exception: string, caller?: Caller): Promise<void>;
  allowed<Answer>(claim: string, call: () => Promise<Answer>): Promise<Answer | undefined>;
  that(claim: string, ask: () => Promise<Shown & { holds: boolean }>): Promise<void>;
  /** The same with another deadline, and asking about every so often: for what takes minutes, and may not be asked often. */
  within(pace: { deadlineMs: number; everyMs: number }): Soon;
}

/** What an attempt at a claim came to; `error` when it proves nothing. */
interface Judged<Answer = undefined> {
  claim: Claim;
  answer?: Answer | undefined;
  error?: unknown;
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

const exceptionName = (error: unknown): string => (error instanceof Error ? error.name : String(error));

const same = (got: Uint8Array | undefined, expected: Uint8Array) => !!got && Buffer.compare(got, expected) === 0;

function compared(claim: string, passed: boolean, { expected, got, detail }: Shown): Claim {
  return { claim, passed, ...(detail && { detail }), ...(!passed && { expected, got }) };
}

async function judgeOpens(claim: string, call: Opening, expected: Uint8Array): Promise<Judged> {
  const judge = (passed: boolean, got: string) => compared(claim, passed, { expected: digest(expected), got });
  try {
    const { Plaintext: got } = await call;
    return { claim: judge(same(got, expected), digest(got)) };
  } catch (error) {
    return { claim: judge(false, exceptionName(error)), ...(!isRefusal(error) && { error }) };
  }
}

async function judgeRefused(
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

async function judgeAllowed<Answer>(claim: string, call: Promise<Answer>): Promise<Judged<Answer>> {
  try {
    return { answer: await call, claim: compared(claim, true, { expected: '', got: '' }) };
  } catch (error) {
    const judged = { claim: compared(claim, false, { expected: 'an answer', got: exceptionName(error) }) };
    return isRefusal(error) || isDenial(error) ? judged : { ...judged, error };
  }
}

/** Make the `verify` of one step; each claim goes to `tell` as it is checked. */
export function verifier(tell: (claim: Claim) => void, patience: Patience): Verify {
  const compare = (claim: string, passed: boolean, shown: Shown) => tell(compared(claim, passed, shown));
  const settle = <Answer>({ claim, answer, error }: Judged<Answer>): Answer | undefined => {
    if (error !== undefined) throw error;
    tell(claim);
    return answer;
  };
  return {
    equal: (claim, got, expected) => compare(claim, got === expected, { expected: String(expected), got: String(got) }),
    sameBytes: (claim, got, expected) =>
      compare(claim, same(got, expected), { expected: digest(expected), got: digest(got) }),
    differentBytes: (claim, one, other) =>
      compare(claim, !!one && !!other && !same(one, other), {
        expected: 'other bytes',
        got: `the same ${digest(other)}`,
      }),
    hidden: (claim, blob, secret) =>
      compare(claim, !!blob && blob.length > 0 && secret.length > 0 && !reveals(blob, secret), {
        expected: `${digest(blob)} without any part of the plaintext`,
        got: blob?.length ? 'plaintext inside' : 'no bytes',
      }),
    opens: async (claim, call, expected) => settle(await judgeOpens(claim, call, expected)),
    refused: async (claim, call, exception, caller) =>
      settle(await judgeRefused(claim, call, exception, caller?.permitted)),
    allowed: async (claim, call) => settle(await judgeAllowed(claim, call)),
    that: compare,
    soon: soonWith(patience, settle),
  };
}

function soonWith(patience: Patience, settle: <Answer>(judged: Judged<Answer>) => Answer | undefined): Soon {
  let { deadlineMs } = patience;
  /** A refusal may be KMS not knowing yet; what is wrong with the network or the credentials is told at once. */
  const wait = async <Answer>(claim: string, judge: () => Promise<Judged<Answer>>) => {
    const { holds, seen } = await lookUntil(claim, { ...patience, deadlineMs }, async () => {
      const judged = await judge();
      if (judged.error !== undefined && !isDenial(judged.error)) throw judged.error;
      return { holds: judged.claim.passed, seen: judged };
    });
    if (!holds) deadlineMs = patience.inVainMs ?? deadlineMs;
    return settle(seen);
  };
  return {
    equal: (claim, ask, expected) =>
      wait(claim, async () => {
        const got = await ask();
        return { claim: compared(claim, got === expected, { expected: String(expected), got: String(got) }) };
      }),
    opens: (claim, call, expected) => wait(claim, () => judgeOpens(claim, call(), expected)),
    refused: (claim, call, exception, caller) =>
      wait(claim, () => judgeRefused(claim, call(), exception, caller?.permitted)),
    allowed: (claim, call) => wait(claim, () => judgeAllowed(claim, call())),
    that: (claim, ask) =>
      wait(claim, async () => {
        const { holds, ...shown } = await ask();
        return { claim: compared(claim, holds, shown) };
      }),
    within: (pace) => soonWith({ ...patience, ...pace, inVainMs: pace.deadlineMs }, settle),
  };
}

/** The service, or the lab's own code, judged and said no; that an operation does not exist is no judgement. */
const isRefusal = (error: unknown) =>
  (isAnswer(error) || (error instanceof LabError && error.kind === 'refused')) &&
  !inconclusive.has(classify(error).kind) &&
  whyNotOffered(error) === undefined;

/** The service said that this caller may not. */
const isDenial = (error: unknown) => isAnswer(error) && classify(error).kind === 'denied';

/** An error that the service answered, as opposed to one of the network or of this program. */
export function isAnswer(error: unknown): boolean {
  const fault = (error as { $fault?: unknown } | null)?.$fault;
  return fault === 'client' || fault === 'server';
}
