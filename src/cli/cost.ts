import { Argument, Command } from 'commander';
import { labs } from '../../labs/index.js';
import type { Ending } from './program.js';

/** `kms-lab cost`: what the labs cost on AWS; asks nobody. */
export function costCommand(_ending: Ending): Command {
  return new Command('cost')
    .description('what the labs cost on AWS, by hour, day and month')
    .addArgument(new Argument('[lab]', 'this lab only').choices(labs.map((lab) => lab.id)))
    .option('--json', 'one JSON object per line')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .action(async (lab: string | undefined, options: { json?: boolean; color: boolean }) => {
      const { tellCost } = await import('./costing.js');
      tellCost(lab, options);
    });
}
