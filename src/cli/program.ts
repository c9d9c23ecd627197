import { Command, CommanderError } from 'commander';
import { labs } from '../../labs/index.js';
import { actionsCommand } from './actions.js';
import { allCommand } from './all.js';
import { checkCommand } from './check.js';
import { cleanupCommand } from './cleanup.js';
import { commandsCommand } from './commands.js';
import { complain } from './complain.js';
import { completionCommand } from './completion.js';
import { costCommand } from './cost.js';
import { doctorCommand } from './doctor.js';
import { envelopeTools } from './envelope.js';
import { iamCommand } from './iam.js';
import { labCommand } from './lab.js';
import { listCommand } from './list.js';
import { localCommand } from './local.js';
import { runCommand } from './run.js';
import { serveCommand } from './serve.js';
import { showCommand } from './show.js';
import { statusCommand } from './status.js';
import { guardStreams } from './streams.js';
import { version } from './version.js';

/** The exit code that a command's action left behind. */
export interface Ending {
  code: number;
}

/** Run the program: arguments in, exit code out. Nothing below this sets `process.exitCode` or exits. */
export async function main(argv: readonly string[]): Promise<number> {
  const ending: Ending = { code: 0 };
  const output = guardStreams();
  try {
    const program = build(ending);
    if (argv.length === 0) program.outputHelp();
    else await program.parseAsync(argv, { from: 'user' });
    return output.settle(ending.code);
  } catch (error) {
    if (error instanceof CommanderError) return output.settle(usage(error, argv));
    return complain(error, argv.includes('--debug'));
  }
}

/** The whole command line, also for documents that print it. */
export function build(ending: Ending): Command {
  const program = new Command('kms-lab')
    .description('AWS KMS, learned in labs that run and prove what they teach')
    .version(version(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print this help')
    .helpCommand(false)
    .showSuggestionAfterError()
    .exitOverride()
    // What follows a command's name is the command's, and what follows a tool's name the tool's: both may know --local.
    .enablePositionalOptions()
    .configureOutput({ writeErr: () => {} })
    .addHelpText('after', examples);
  program.commandsGroup('Labs:');
  for (const lab of labs) program.addCommand(inherit(labCommand(lab, ending, toolsOf[lab.id]?.(ending)), program));
  program.addCommand(inherit(allCommand(ending), program));
  program.commandsGroup('Commands:');
  for (const make of [
    runCommand,
    listCommand,
    showCommand,
    commandsCommand,
    actionsCommand,
    checkCommand,
    statusCommand,
    cleanupCommand,
    costCommand,
    doctorCommand,
    iamCommand,
    serveCommand,
    localCommand,
    completionCommand,
  ])
    program.addCommand(inherit(make(ending), program));
  return program;
}

/** What a lab has to offer beside itself. */
const toolsOf: Readonly<Record<string, (ending: Ending) => Command[]>> = { envelope: envelopeTools };

const examples = `
Start here, with no AWS account:
  $ kms-lab symmetric --local

On AWS KMS, with the credentials and the Region of your AWS CLI:
  $ kms-lab symmetric --profile workshop
  $ kms-lab cleanup --profile workshop`;

function inherit(command: Command, from: Command): Command {
  command.copyInheritedSettings(from);
  for (const below of command.commands) inherit(below, command);
  return command;
}

/** In a line, without what only a parser says of an argument. */
const said = (message: string) =>
  message
    .replace(/^error: /, '')
    .replace(/\s*\n\s*/g, ' ')
    .replace(/^command-argument value '(.*)' is invalid for argument '.*'\. Allowed choices are /, '"$1" is none of ');

/** Help and version throw too, with exit code 0. Everything else commander throws is a usage error. */
function usage(error: CommanderError, [command]: readonly string[]): number {
  if (error.exitCode === 0) return 0;
  // A command that has only commands below it, and none of them was named.
  const missing = error.code === 'commander.help';
  const line = missing ? `${command} what?` : said(error.message);
  const help = missing ? `kms-lab ${command} --help` : 'kms-lab --help';
  process.stderr.write(`kms-lab: error: ${line}\nkms-lab: hint: run \`${help}\` to see commands and options\n`);
  return 2;
}
