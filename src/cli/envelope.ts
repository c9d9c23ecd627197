import { Command, InvalidArgumentError } from 'commander';
import { LabError } from '../errors.js';
import { type CommonOptions, withNamespace, withOutput, withTarget } from './options.js';
import type { Ending } from './program.js';

export type Action = 'encrypt' | 'decrypt';

export interface EnvelopeOptions extends CommonOptions {
  output?: string;
  keyId?: string;
  context?: Record<string, string>;
  force?: boolean;
}

/** `kms-lab envelope encrypt` and `decrypt`: the tools of lab 5 for a learner's own files. */
export const envelopeTools = (ending: Ending): Command[] => [
  tool('encrypt', ending)
    .description('encrypt a file of yours in the message format of the AWS Encryption SDK')
    .addHelpText(
      'after',
      notes('kms-lab envelope encrypt notes.txt --context project=x --local', 'notes.txt.encrypted'),
    ),
  tool('decrypt', ending)
    .description('decrypt a file that any AWS Encryption SDK encrypted')
    .addHelpText('after', notes('kms-lab envelope decrypt notes.txt.encrypted --local', 'notes.txt')),
];

function tool(action: Action, ending: Ending): Command {
  const encrypts = action === 'encrypt';
  const context = encrypts
    ? 'bind the file to this pair; may be repeated'
    : 'refuse the file unless it is bound to this pair; may be repeated';
  const command = new Command(action)
    .argument('<file>', encrypts ? 'the file to encrypt' : 'the file to decrypt')
    .optionsGroup('What:')
    .option(
      '-o, --output <file>',
      `where to write (default: ${encrypts ? 'FILE.encrypted' : 'FILE without .encrypted'})`,
    )
    .option('--key-id <id>', 'key id, key ARN or alias of a KMS key (default: the key of lab envelope)')
    .option('--context <name=value>', context, pair)
    .option('--force', 'replace the output if it exists');
  withNamespace(command);
  return withOutput(withTarget(command)).action(async (file: string, options: EnvelopeOptions) => {
    nothingBefore(command);
    const { runTool } = await import('./enveloping.js');
    ending.code = await runTool(action, file, options);
  });
}

/** What stands before the tool's name is the lab's, and would be ignored: `--local` among it. */
function nothingBefore(command: Command): void {
  const given = (command.parent?.options ?? []).filter(
    (option) => command.parent?.getOptionValueSource(option.attributeName()) === 'cli',
  );
  if (given.length === 0) return;
  throw new LabError('usage', `${given.map(({ long }) => long).join(', ')} before the tool's name belongs to the lab`, {
    hint: `write options behind the tool's name: kms-lab envelope ${command.name()} ${command.args[0]} ${given[0]?.long}`,
  });
}

function pair(typed: string, before: Record<string, string> = {}): Record<string, string> {
  const at = typed.indexOf('=');
  const [name, value] = [typed.slice(0, at), typed.slice(at + 1)];
  if (at < 1 || !value) throw new InvalidArgumentError('Write it like project=masterclass.');
  if (Object.hasOwn(before, name)) throw new InvalidArgumentError(`"${name}" is there twice.`);
  if (name.startsWith('aws-crypto-')) throw new InvalidArgumentError('Names with aws-crypto- belong to the library.');
  return { ...before, [name]: value };
}

const notes = (example: string, makes: string) => `
Without --key-id the key is that of \`kms-lab envelope\`, in your namespace. \`kms-lab cleanup\` leaves it
alone while a file that you encrypted is where it was written; \`kms-lab cleanup --lose-files\` does not,
and then nobody can open the file.

A file that was changed, or is under another key or context, is refused with exit code 1. Nothing is
written then, and nothing half after Ctrl-C.

Example:
  $ ${example}        makes ${makes}`;
