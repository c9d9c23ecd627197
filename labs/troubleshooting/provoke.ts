import type { StepContext } from '../../src/lab/define.js';

type Call = () => Promise<unknown>;

/** Provoke an error: claim that the call is refused with this exception, and show what AWS says with it. */
type Provoking = (claim: string, exception: string, call: Call) => Promise<void>;

export interface Provoke extends Provoking {
  /** The same about a change that has just been made. */
  soon: Provoking;
  /** The same of a caller whom KMS has just let make such a call: a denial is the wrong answer, too. */
  permitted: Provoking & { soon: Provoking };
}

export function provoker({ verify, note }: Pick<StepContext, 'verify' | 'note'>): Provoke {
  const provoke =
    (judge: (claim: string, call: Call, exception: string) => Promise<void>): Provoking =>
    async (claim, exception, call) => {
      let said: unknown;
      const heard = () =>
        call().catch((error) => {
          said = error;
          throw error;
        });
      await judge(claim, heard, exception);
      if (said instanceof Error && said.name === exception) note(wordsOf(said));
    };
  const of = (caller?: { permitted: true }) =>
    Object.assign(
      provoke((claim, call, exception) => verify.refused(claim, call(), exception, caller)),
      { soon: provoke((claim, call, exception) => verify.soon.refused(claim, call, exception, caller)) },
    );
  return Object.assign(of(), { permitted: of({ permitted: true }) });
}

/** KMS gives some exceptions without a message, and the SDK puts a word of its own there. */
const wordsOf = ({ message }: Error) =>
  message && message !== 'UnknownError' ? `KMS says: ${message}` : 'KMS says no more than the exception’s name';
