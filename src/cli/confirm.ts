import { createInterface } from 'node:readline/promises';
import { LabError } from '../errors.js';

/** Ask once on the terminal; anything but y or yes ends the command with nothing done. */
export async function confirm(question: string): Promise<void> {
  const ask = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await ask.question(`${question} (y/N) `);
    if (/^\s*y(es)?\s*$/i.test(answer)) return;
  } finally {
    ask.close();
  }
  throw new LabError('guard', 'not confirmed: nothing was done', { hint: 'answer y, or add --yes' });
}

/** A question can be asked: both the person's keyboard and the screen are there. */
export const canAsk = () => process.stdin.isTTY === true && process.stderr.isTTY === true;
