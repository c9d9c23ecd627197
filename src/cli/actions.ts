import { Command } from 'commander';
import type { Ending } from './program.js';

/** `kms-lab actions`: what the KMS API can do, and which labs show it; asks nobody. */
export function actionsCommand(_ending: Ending): Command {
  return new Command('actions')
    .description('the actions of AWS KMS: what each does, and which labs show it')
    .option('--json', 'one JSON object per line')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .action(async (options: { json?: boolean; color: boolean }) => {
      const { tellActions } = await import('./acting.js');
      tellActions(options);
    });
}
