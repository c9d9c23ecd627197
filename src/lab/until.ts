import { LabError } from '../errors.js';
import { pause, type Waiting } from '../kms/wait.js';

/** How a lab waits for what it has changed; from outside, so that specs do not wait. */
export interface Patience extends Omit<Waiting, 'settleMs'> {
  /** How long a change may take to show, in milliseconds. */
  deadlineMs: number;
  /** The same for further claims once one has waited in vain, in milliseconds; `deadlineMs` unless given. */
  inVainMs?: number;
  /** Mark now; what it returns drops the AWS CLI lines of all calls since: an attempt that came too early teaches nothing. */
  checkpoint(): () => void;
}

/** One look: whether it is as awaited, and what was seen. */
export interface Look<Seen> {
  holds: boolean;
  seen: Seen;
}

/** Look until it holds or the deadline has passed, ever more seldom (0.2 s to 5 s apart); the last look is the answer. */
export async function lookUntil<Seen>(
  what: string,
  patience: Patience,
  look: () => Promise<Look<Seen>>,
): Promise<Look<Seen>> {
  const started = patience.now();
  for (let attempt = 0; ; attempt++) {
    const drop = patience.checkpoint();
    const latest = await look();
    if (latest.holds) return latest;
    if (!(await pause({ ...patience, settleMs: patience.deadlineMs }, what, started, attempt))) return latest;
    drop();
  }
}

/**
 * Ask again until the answer is as awaited, and give that answer. `what` is shown meanwhile: "the replica is Enabled".
 * It claims nothing: a claim about a change is `verify.soon`.
 */
export type Until = <Answer>(
  what: string,
  ask: () => Promise<Answer>,
  holds: (answer: Answer) => boolean,
) => Promise<Answer>;

/** @returns a function that throws LabError `unreachable` when the deadline passes, and what `ask` throws at once. */
export function untilWith(patience: Patience): Until {
  return async (what, ask, holds) => {
    const { holds: held, seen } = await lookUntil(what, patience, async () => {
      const seen = await ask();
      return { holds: holds(seen), seen };
    });
    if (held) return seen;
    throw new LabError('unreachable', `waited ${Math.round(patience.deadlineMs / 1000)} s in vain: ${what}`, {
      hint: 'KMS did not get there in time; run the command again',
    });
  };
}
