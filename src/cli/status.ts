import { Command } from 'commander';
import type { Ending } from './program.js';
import { asked, type SweepOptions, withSweep } from './sweep-options.js';

/** `kms-lab status`: what the labs made, what it cost so far, and what it costs a month. */
export function statusCommand(ending: Ending): Command {
  const command = new Command('status').description('what the labs made that still exists, and what it costs');
  return withSweep(command).action(async (options: SweepOptions) => {
    const { tellStatus } = await import('./stocktaking.js');
    ending.code = await tellStatus(asked(options, command));
  });
}
