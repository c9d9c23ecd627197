import { Command, Option } from 'commander';
import { labs } from '../../labs/index.js';
import { type CommonOptions, namespace, withOutput, withTarget } from './options.js';
import type { Ending } from './program.js';

export interface CleanupOptions extends Omit<CommonOptions, 'namespace'> {
  namespace?: string;
  lab?: string;
  run?: string;
  dryRun?: boolean;
}

/** `kms-lab cleanup`: schedule the deletion of the caller's lab keys, found by their tags. */
export function cleanupCommand(ending: Ending): Command {
  const command = new Command('cleanup')
    .description('remove what the labs made: your own KMS keys that bear the tags of kms-lab')
    .optionsGroup('What:')
    .addOption(new Option('--lab <lab>', 'of this lab only').choices(labs.map((lab) => lab.id)))
    .addOption(new Option('--namespace <name>', 'of this namespace only').env('KMS_LAB_NAMESPACE').argParser(namespace))
    .option('--run <id>', 'of this run only')
    .option('--dry-run', 'say what would be done, and stop there')
    .option('-y, --yes', 'do not ask');
  withOutput(withTarget(command));
  return command.action(async (options: CleanupOptions) => {
    const { cleanUp } = await import('./cleaning.js');
    ending.code = await cleanUp(options);
  });
}
