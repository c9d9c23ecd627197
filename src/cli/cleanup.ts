import { Command, InvalidArgumentError, Option } from 'commander';
import type { Ending } from './program.js';
import { asked, type SweepOptions, withSweep } from './sweep-options.js';

export interface CleanupOptions extends SweepOptions {
  dryRun?: boolean;
  undo?: boolean;
  includeUsed?: boolean;
  loseFiles?: boolean;
  window: number;
}

function days(value: string): number {
  const number = Number(value);
  if (/^\d+$/.test(value) && number >= 7 && number <= 30) return number;
  throw new InvalidArgumentError('AWS takes 7 to 30 days.');
}

/** `kms-lab cleanup`: schedule the deletion of lab keys, found by their tags, or take that back. */
export function cleanupCommand(ending: Ending): Command {
  const command = new Command('cleanup')
    .description('remove what the labs made: your own KMS keys that bear the tags of kms-lab')
    .optionsGroup('What:')
    .option('--dry-run', 'say what would be done, and stop there')
    .option('-y, --yes', 'do not ask')
    .option('--window <days>', 'days until AWS deletes a key, 7 to 30; until then --undo gives it back', days, 7)
    .option('--include-used', 'also keys that bear an alias which kms-lab did not make')
    .option('--lose-files', 'also keys that open files which you encrypted with `kms-lab envelope encrypt`')
    .addOption(
      new Option('--undo', 'cancel deletion, enable the keys and give them their aliases again').conflicts([
        'window',
        'includeUsed',
        'loseFiles',
      ]),
    );
  return withSweep(command).action(async (options: CleanupOptions) => {
    const { cleanUp } = await import('./cleaning.js');
    ending.code = await cleanUp(asked(options, command));
  });
}
