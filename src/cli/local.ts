import { Argument, Command } from 'commander';
import { stateHelp } from './options.js';
import type { Ending } from './program.js';
import { timeSpan } from './time-span.js';

export interface LocalOptions {
  state?: string;
  json?: boolean;
}

export interface ConfirmedOptions extends LocalOptions {
  yes?: boolean;
}

/** `kms-lab local`: look after the state of the embedded KMS, whoever works on it at the same time. */
export function localCommand(_ending: Ending): Command {
  return new Command('local')
    .description('look after the state of the embedded KMS: what it holds, its clock, its last refusal')
    .helpCommand(false)
    .addHelpText('after', examples)
    .addCommand(statusCommand())
    .addCommand(advanceCommand())
    .addCommand(resetCommand())
    .addCommand(whyCommand());
}

const statusCommand = () =>
  withState(new Command('status'))
    .description('its keys, its clock, what is due next')
    .action(async (options: LocalOptions) => (await import('./local/status.js')).tellState(options));

const advanceCommand = () =>
  withState(new Command('advance'))
    .description(
      'move its clock on: what is due by then happens. Says so first, and asks where something would be lost',
    )
    .addArgument(new Argument('<time>', 'how far: 90m, 12h, 365d, 2w').argParser(timeSpan))
    .option('-y, --yes', 'do not ask')
    .action(async (ms: number, options: ConfirmedOptions) => (await import('./local/advance.js')).advance(ms, options));

const resetCommand = () =>
  withState(new Command('reset'))
    .description('remove everything: keys, aliases, sessions, audit events, and how far the clock is ahead')
    .option('-y, --yes', 'do not ask')
    .action(async (options: ConfirmedOptions) => (await import('./local/reset.js')).reset(options));

const whyCommand = () =>
  withState(new Command('why'))
    .description('the last call that was not allowed: who, what, on what, and why')
    .action(async (options: LocalOptions) => (await import('./local/why.js')).tellWhy(options));

const withState = (command: Command) =>
  command
    .option('--state <dir>', stateHelp)
    .option('--json', 'one JSON object per line')
    .option('--debug', 'with an error, print its stack trace');

const examples = `
Examples:
  $ kms-lab local advance 365d      a year passes: rotations are made, waiting periods end
  $ kms-lab local why               why was that call refused?`;
