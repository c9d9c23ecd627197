import type { Ending } from './program.js';

/**
 * A reader that goes away (`kms-lab list | head -1`) ends the output quietly; an output that can't be written
 * (a full disk) is said once and ends with exit code 2.
 */
export function guardStreams(ending: Ending): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || ending.code !== 0) return;
    ending.code = 2;
    process.exitCode = 2;
    process.stderr.write(`kms-lab: error: can't write the output: ${error.code ?? error.message}\n`);
    process.stderr.write('kms-lab: hint: make room or choose another place for the output, then run it again\n');
  });
  process.stderr.on('error', () => {});
}
