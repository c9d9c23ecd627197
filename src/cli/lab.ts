import { Command } from 'commander';
import type { Lab } from '../lab/define.js';
import { withLabOptions } from './lab-options.js';
import {
  type CommonOptions,
  type ReportOptions,
  withNamespace,
  withOutput,
  withReports,
  withTarget,
} from './options.js';
import type { Ending } from './program.js';

export interface LabOptions extends CommonOptions, ReportOptions {
  fresh?: boolean;
  cleanup?: boolean;
  /** What was given of the labs' own options is here as well, under the names that they declare. */
}

/** `kms-lab symmetric`: run one lab. */
export function labCommand(lab: Lab, ending: Ending): Command {
  const { number, title, minutes } = lab.facts;
  const command = new Command(lab.id).description(`lab ${number} · ${title} (${minutes} min)`);
  command
    .optionsGroup('What:')
    .option('--fresh', 'make a new KMS key instead of using that of an earlier run again')
    .option('--cleanup', 'afterwards schedule the deletion of what this run made, passed or failed')
    .option('-y, --yes', 'do not ask before working on AWS');
  withLabOptions(withNamespace(command), [lab]);
  withReports(withOutput(withTarget(command)));
  return command.action(async (options: LabOptions) => {
    const { runLabs } = await import('./session.js');
    ending.code = await runLabs([lab], options);
  });
}
