import { Command } from 'commander';
import { type CommonOptions, withOutput, withTarget } from './options.js';
import type { Ending } from './program.js';

export type DoctorOptions = Omit<CommonOptions, 'namespace' | 'yes'>;

/** `kms-lab doctor`: whether labs can run here, and what to do where they can't. */
export function doctorCommand(ending: Ending): Command {
  const command = new Command('doctor').description(
    'whether labs can run here, and what to do if not; changes nothing',
  );
  return withOutput(withTarget(command)).action(async (options: DoctorOptions) => {
    const { examine } = await import('./examining.js');
    ending.code = await examine(options);
  });
}
