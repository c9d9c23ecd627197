import { Argument, Command, Option } from 'commander';
import { labs } from '../../labs/index.js';
import type { Ending } from './program.js';

export interface CommandsOptions {
  shell: 'bash' | 'powershell';
  markdown?: boolean;
}

/** `kms-lab commands [lab]`: labs as lines for the AWS CLI, to be done by hand. */
export function commandsCommand(_ending: Ending): Command {
  const names = labs.map((lab) => lab.id);
  return new Command('commands')
    .description('a lab as lines for the AWS CLI, to do it by hand')
    .addArgument(new Argument('[lab]', 'one of the labs (default: all of them)').choices(names))
    .addOption(
      new Option('--shell <shell>', 'for which shell')
        .choices(['bash', 'powershell'])
        .default(process.platform === 'win32' ? 'powershell' : 'bash', 'that of your system'),
    )
    .addOption(new Option('--markdown', 'as a document for both shells').conflicts('shell'))
    .action(async (lab: string | undefined, options: CommandsOptions) => {
      const { tellCommands } = await import('./by-hand.js');
      process.stdout.write(await tellCommands(lab, options));
    });
}
