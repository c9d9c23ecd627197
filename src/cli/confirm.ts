import { createInterface } from 'node:readline';
import { LabError } from '../errors.js';

/** Where a question is asked: the keyboard, and the screen that is not for results. */
export interface Terminal {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
}

const hint = 'answer y, or add --yes';

/**
 * Ask once on the terminal; anything but y or yes ends the command with nothing done, and so does the end of the input (Ctrl-D).
 * @throws `guard`, or `interrupted` on Ctrl-C, which a terminal gives to whoever reads: no signal is sent
 */
export function confirm(
  question: string,
  { input, output }: Terminal = { input: process.stdin, output: process.stderr },
): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output, terminal: true });
    const refuse = () => reject(new LabError('guard', 'not confirmed: nothing was done', { hint }));
    const unanswered = () => {
      output.write('\n'); // what is said next does not stand behind the question
      refuse();
    };
    lines.on('SIGINT', () => {
      reject(new LabError('interrupted', 'interrupted: nothing was done', { hint }));
      lines.close();
    });
    lines.on('close', unanswered);
    lines.question(`${question} (y/N) `, (answer) => {
      if (/^\s*y(es)?\s*$/i.test(answer)) resolve();
      else refuse();
      lines.off('close', unanswered);
      lines.close();
    });
  });
}

/** A question can be asked: both the person's keyboard and the screen are there. */
export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;
