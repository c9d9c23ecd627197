import { Command, InvalidArgumentError } from 'commander';
import { defaultServePort } from '../target/state.js';
import { stateHelp } from './options.js';
import type { Ending } from './program.js';

export interface ServeOptions {
  port: number;
  host: string;
  state?: string;
  credential?: string[];
  identity?: string[];
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

function port(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number <= 65535) return number;
  throw new InvalidArgumentError('Use a number from 0 (any free port) to 65535.');
}

/** `kms-lab serve`: the embedded KMS for the AWS CLI, any SDK, a class room. */
export function serveCommand(ending: Ending): Command {
  return new Command('serve')
    .description('serve the embedded KMS over HTTP, for the AWS CLI and any SDK')
    .option('--port <number>', 'port to listen on; 0 takes a free one', port, defaultServePort)
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--state <dir>', stateHelp)
    .option(
      '--credential <key:secret>',
      'another access key: an administrator, or with =ARN behind it that IAM user; may be repeated (also: KMS_LAB_CREDENTIALS)',
      collect,
    )
    .option(
      '--identity <arn=file>',
      'identity policy of a role or user, as JSON; may be repeated (a role without has what key policies and grants allow)',
      collect,
    )
    .option('--debug', 'with an error, print its stack trace')
    .action(async (options: ServeOptions) => {
      const { serveUntilStopped } = await import('./serving.js');
      ending.code = await serveUntilStopped(options);
    });
}
