import { LabError } from '../errors.js';
import type { CourseOptions, Guide } from '../lab/course.js';
import type { Lab } from '../lab/define.js';
import { screenOf } from '../report/screen.js';
import { canAsk } from './confirm.js';
import { guideAt } from './guide.js';
import type { LabOptions } from './lab.js';

/** Refuse what can't be guided, before anything is made. */
export function checkGuided({ guided, parallel }: LabOptions): void {
  if (!guided) return;
  if (parallel)
    throw new LabError('usage', '--guided and --parallel exclude each other', { hint: 'leave one of the two away' });
  if (!canAsk())
    throw new LabError('usage', '--guided asks before each step, and there is no terminal to ask at', {
      hint: 'run it in a terminal, or leave --guided away',
    });
}

/** The guide of a run, at the person's terminal; questions go to stderr. */
export function guideOf(options: LabOptions, signal: AbortSignal): Guide | undefined {
  if (!options.guided) return undefined;
  return guideAt({
    input: process.stdin,
    output: process.stderr,
    screen: screenOf(process.stderr, process.env, { colour: options.color }),
    signal,
    onInterrupt: () => void process.emit('SIGINT'),
    tellSteps: options.json === true || options.quiet === true || process.stdout.isTTY !== true,
    erases: process.env.TERM !== 'dumb',
  });
}

/** The labs up to a step and how far the last of them goes; all of it when no step is named. */
export function upTo(
  labs: readonly Lab[],
  until: string | undefined,
): { labs: readonly Lab[]; until: CourseOptions['until'] } {
  if (until === undefined) return { labs, until };
  const at = labs.findIndex((lab) => lab.stepIds.includes(until));
  const lab = labs[at];
  if (!lab) {
    const hint = `the steps are ${labs.map(({ stepIds }) => stepIds.join(' ')).join(', ')}`;
    throw new LabError('usage', `"${until}" (--until) is no step of ${labs.length === 1 ? 'this lab' : 'these labs'}`, {
      hint,
    });
  }
  return { labs: labs.slice(0, at + 1), until: { index: lab.stepIds.indexOf(until), step: until } };
}
