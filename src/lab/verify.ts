import {
  type Claim,
  compared,
  digest,
  isDenial,
  type Judged,
  judgeAllowed,
  judgeOpens,
  judgeRefused,
  type Opening,
  reveals,
  type Shown,
  same,
  type Value,
} from './judge.js';
import { lookUntil, type Patience } from './until.js';

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
