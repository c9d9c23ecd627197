import { classify, kinds } from '../errors.js';

/** Say what went wrong in one line and the way out in another, on stderr; the stack only where it was asked for. */
export function complain(error: unknown, debug: boolean): number {
  const { kind, message, hint } = classify(error);
  process.stderr.write(`kms-lab: error: ${oneLine(message)}\nkms-lab: hint: ${hint}\n`);
  if (debug) process.stderr.write(`${stackOf(error)}\n`);
  return kinds[kind].exit;
}

const control = /\p{Cc}+/gu;

const oneLine = (text: string) => text.replace(control, ' ').trim();

function stackOf(error: unknown): string {
  const lines: string[] = [];
  for (let at = error; at instanceof Error; at = at.cause) lines.push(at.stack ?? at.message);
  return lines.join('\ncaused by: ');
}
