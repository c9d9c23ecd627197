import type { FollowUp } from '../report/aftermath.js';
import { jsonLines } from '../report/json.js';
import type { Reporter, Screen } from '../report/reporter.js';
import { screenOf } from '../report/screen.js';
import { sideBySide } from '../report/side-by-side.js';
import { noProgress, spinner } from '../report/spinner.js';
import { terminal } from '../report/terminal.js';
import { stateFolder } from '../target/state.js';
import type { CommonOptions } from './options.js';

export const stdoutScreen = (colour: boolean): Screen => screenOf(process.stdout, process.env, { colour });

/** The reporter that the options ask for: people's, or one JSON object per line, whose objects name their lab. */
export function reporterFor(options: CommonOptions & { parallel?: boolean }): Reporter {
  if (options.json) return jsonLines((text) => process.stdout.write(text));
  const stderr = screenOf(process.stderr, process.env, { colour: options.color });
  const progress = options.quiet ? noProgress : spinner(process.stderr, stderr);
  const told = { quiet: options.quiet === true, next: nextOf(options) };
  const reporter = terminal(stdoutScreen(options.color), progress, told);
  return options.parallel ? sideBySide(reporter, progress) : reporter;
}

/** What the `kms-lab` lines of a summary must carry to reach the same place. */
export const nextOf = (options: CommonOptions): FollowUp => ({
  cleanup: followUp(options),
  serve: options.state ? ['--state', options.state] : [],
  gone: options.local === true && stateFolder(options.state, process.env) === 'memory',
});

/** The options that make a `kms-lab` line reach the same place as this command did. */
export function followUp(options: CommonOptions): string[] {
  return [
    ...(options.local ? ['--local'] : []),
    ...(options.profile ? ['--profile', options.profile] : []),
    ...(options.endpointUrl ? ['--endpoint-url', options.endpointUrl] : []),
    ...(options.region ? ['--region', options.region] : []),
    ...(options.state ? ['--state', options.state] : []),
    ...(options.namespace === 'default' ? [] : ['--namespace', options.namespace]),
  ];
}
