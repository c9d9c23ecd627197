import { Command, InvalidArgumentError, Option } from 'commander';
import type { Ending } from './program.js';

/** The port that printed AWS CLI lines of a `--local` run name. */
export const defaultPort = 4599;

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new InvalidArgumentError('Use a number from 0 (any free port) to 65535.');
}

/** `kms-lab serve`: the embedded KMS for the AWS CLI, any SDK, a class room. */
export function serveCommand(ending: Ending): Command {
  return new Command('serve')
    .description('serve the embedded KMS over HTTP, for the AWS CLI and any SDK')
    .option('--port <number>', 'port to listen on; 0 takes a free one', port, defaultPort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(
      new Option('--state <dir>', 'where the state is kept; "memory" keeps none').env('KMS_LAB_STATE'),
    )
    .option('--debug', 'with an error, print its stack trace')
    .action(async (options: { port: number; host: string; state?: string }) => {
      const { serveUntilStopped } = await import('./serving.js');
      ending.code = await serveUntilStopped(options);
    });
}
