import { Argument, Command } from 'commander';
import { labs } from '../../labs/index.js';
import { type CommonOptions, withNamespace, withOutput, withTarget } from './options.js';
import type { Ending } from './program.js';

export type CheckOptions = CommonOptions;

/** `kms-lab check symmetric`: grade a lab that was done by hand. */
export function checkCommand(ending: Ending): Command {
  const command = new Command('check')
    .description('grade what you did of a lab by hand, step by step; changes nothing')
    .addArgument(new Argument('<lab>', 'one of the labs, or all').choices([...labs.map(({ id }) => id), 'all']))
    .optionsGroup('What:')
    .addHelpText('after', examples);
  return withOutput(withTarget(withNamespace(command))).action(async (id: string, options: CheckOptions) => {
    const { check } = await import('./checking.js');
    ending.code = await check(
      labs.filter((lab) => id === 'all' || lab.id === id),
      options,
    );
  });
}

const examples = `
Looks at the account and at kms-lab-files/<lab>/ below this folder, for 50 s at most.
Exits with 0, or with 1 and a line that begins with "FAIL: " for each thing that is missing.`;
