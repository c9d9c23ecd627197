import { Command } from 'commander';
import type { Lab } from '../lab/define.js';
import { withLabOptions } from './lab-options.js';
import { OpenOption } from './open-option.js';
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
  /** Several labs are run side by side. */
  parallel?: boolean;
  /** Ask before each step and each call. */
  guided?: boolean;
  /** The last step to run: "1.3". */
  until?: string;
  /** What was given of the labs' own options is here as well, under the names that they declare. */
}

/** `kms-lab symmetric`: run one lab. `tools` are commands of their own below it. */
export function labCommand(lab: Lab, ending: Ending, tools: readonly Command[] = []): Command {
  const { number, title, minutes } = lab.facts;
  const command = new Command(lab.id).description(`lab ${number} · ${title} (${minutes} min)`).optionsGroup('What:');
  for (const tool of tools) command.addCommand(tool);
  // What follows a tool's name is the tool's.
  command.enablePositionalOptions();
  return running(command, [lab], ending);
}

/**
 * Give a command the options that running labs takes, those of the labs themselves among them, and let it run them.
 * @param home the folder of a lab that is not one of kms-lab's
 */
export function running(command: Command, labs: readonly Lab[], ending: Ending, home?: string): Command {
  command
    .option('--guided', 'stop before each step and each call: Enter goes on, s skips the step, q quits')
    .addOption(
      new OpenOption(
        '--until <step>',
        'end after this step: 1.3',
        labs.flatMap(({ stepIds }) => stepIds),
      ),
    )
    .option('--fresh', 'make a new KMS key instead of using that of an earlier run again')
    .option('--cleanup', 'afterwards schedule the deletion of what this run made, passed or failed')
    .option('-y, --yes', 'do not ask before working on AWS');
  withLabOptions(withNamespace(command), labs);
  withReports(withOutput(withTarget(command)));
  return command.action(async (options: LabOptions) => {
    const { runLabs } = await import('./session.js');
    ending.code = await runLabs(labs, options, home);
  });
}
