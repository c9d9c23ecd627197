/** What became of stdout. */
export interface Output {
  /** The exit code in view of it: an output that can't be written is 2, unless something graver happened. */
  settle(code: number): number;
}

/**
 * A reader that goes away (`kms-lab list | head -1`) ends the output quietly; an output that can't be written
 * (a full disk) is said once and ends with exit code 2.
 */
export function guardStreams(): Output {
  let broken = false;
  const settle = (code: number) => (broken && code < 2 ? 2 : code);
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || broken) return;
    broken = true;
    // The program may have ended already: a stream tells its errors late.
    process.exitCode = settle(Number(process.exitCode ?? 0));
    process.stderr.write(`kms-lab: error: can't write the output: ${error.code ?? error.message}\n`);
    process.stderr.write('kms-lab: hint: make room or choose another place for the output, then run it again\n');
  });
  process.stderr.on('error', () => {});
  return { settle };
}
