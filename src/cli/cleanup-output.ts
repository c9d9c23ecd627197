import type { CleanupEvent } from '../cleanup/events.js';
import { cleanupScreen } from '../report/cleanup.js';
import { jsonLine } from '../report/json.js';
import type { Progress } from '../report/reporter.js';
import { screenOf } from '../report/screen.js';
import { noProgress, spinner } from '../report/spinner.js';
import { targetOptions } from './looking.js';
import { followUp, stdoutScreen } from './screen.js';
import type { SweepOptions } from './sweep-options.js';

/** The line that says what is awaited: on stderr, for people on a terminal. */
export function progressOf({ quiet, json, color }: Pick<SweepOptions, 'quiet' | 'json' | 'color'>): Progress {
  if (quiet || json) return noProgress;
  return spinner(process.stderr, screenOf(process.stderr, process.env, { colour: color }));
}

/** The options by which another `kms-lab` line finds the same keys. */
function sameAgain(options: SweepOptions): string[] {
  const { region = [], roleArn = [], namespace, lab, run, accounts, everyone, ...target } = options;
  const { region: _first, ...where } = targetOptions(target);
  return [
    ...followUp({ ...target, ...where, namespace: namespace ?? 'default' }),
    ...region.flatMap((each) => ['--region', each]),
    ...(lab ? ['--lab', lab] : []),
    ...(run ? ['--run', run] : []),
    ...(everyone ? ['--everyone'] : []),
    ...roleArn.flatMap((each) => ['--role-arn', each]),
    ...(accounts ? ['--accounts', accounts] : []),
  ];
}

const word = (text: string) => (/^[\w@%+=:,./ -]*$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

/** Where a cleanup tells what it does: people's screen, or one JSON object per line. */
export function cleanupOutput(options: SweepOptions): { emit(event: CleanupEvent): void; progress: Progress } {
  const progress = progressOf(options);
  if (options.json) return { emit: (event) => void process.stdout.write(`${jsonLine(event)}\n`), progress };
  const screen = cleanupScreen(stdoutScreen(options.color), progress, {
    quiet: options.quiet === true,
    undoLine: ['kms-lab cleanup --undo', ...sameAgain(options)].map(word).join(' '),
  });
  return { emit: (event) => screen.on(event), progress };
}
