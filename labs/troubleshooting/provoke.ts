import type { StepContext } from '../../src/lab/define.js';

type Call = () => Promise<unknown>;

/** Provoke an error: claim that the call is refused with this exception, and show what AWS says with it. */
export interface Provoke {
  (claim: string, exception: string, call: Call): Promise<void>;
  /** The same about a change that has just been made. */
  soon(claim: string, exception: string, call: Call): Promise<void>;
}

export function provoker({ verify, note }: Pick<StepContext, 'verify' | 'note'>): Provoke {
  const provoke =
    (judge: (claim: string, call: Call, exception: string) => Promise<void>) =>
    async (claim: string, exception: string, call: Call) => {
      let said: unknown;
      const heard = () =>
        call().catch((error) => {
          said = error;
          throw error;
        });
      await judge(claim, heard, exception);
      if (said instanceof Error && said.name === exception) note(wordsOf(said));
    };
  const now = provoke((claim, call, exception) => verify.refused(claim, call(), exception));
  return Object.assign(now, { soon: provoke(verify.soon.refused) });
}

/** KMS gives some exceptions without a message, and the SDK puts a word of its own there. */
const wordsOf = ({ message }: Error) =>
  message && message !== 'UnknownError' ? `KMS says: ${message}` : 'KMS says no more than the exception’s name';
