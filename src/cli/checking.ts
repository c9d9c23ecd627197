import { classify, kinds, type LabError } from '../errors.js';
import { whereBegun } from '../files/folder.js';
import { endingWith } from '../kms/read-only.js';
import type { CheckEnd, CheckEvent } from '../lab/check-events.js';
import { deadline } from '../lab/deadline.js';
import type { Lab } from '../lab/define.js';
import type { Place } from '../lab/events.js';
import { checkLab, gradesOf } from '../lab/run-check.js';
import { checkScreen } from '../report/check.js';
import { jsonLine } from '../report/json.js';
import { resolveTarget } from '../target/target.js';
import type { CheckOptions } from './check.js';
import { complain } from './complain.js';
import { onInterrupt } from './interrupt.js';
import { stdoutScreen } from './screen.js';

/** A lab platform ends a check script that takes a minute. */
const limitMs = 50_000;

/**
 * Grade labs by what is there, and give the exit code: 0, or 1 whatever is missing, an answer of KMS too, since the caller is a
 * script that knows no more. Ctrl-C, another account than was expected and our own faults keep their codes.
 */
export async function check(labs: readonly Lab[], options: CheckOptions): Promise<number> {
  const target = await resolveTarget(options, process.env);
  const interrupt = onInterrupt();
  const time = deadline(limitMs);
  const signal = AbortSignal.any([time.signal, interrupt.signal]);
  const emit = outputOf(options);
  const started = performance.now();
  const steps: { grade: Parameters<typeof gradesOf>[0][number]['grade'] }[] = [];
  const tell = (event: CheckEvent) => {
    if (event.type === 'check:step') steps.push(event);
    emit(event);
  };
  let error: LabError | undefined;
  try {
    const { account, arn } = await endingWith(signal, () => target.identity(signal));
    const place: Place = { kind: target.kind, label: target.label, region: target.region, account, identity: arn };
    const { namespace } = options;
    tell({
      type: 'check:start',
      namespace,
      time: new Date().toISOString(),
      place,
      labs: labs.map(({ id, facts: { number, title } }) => ({ lab: id, number, title })),
    });
    const cwd = whereBegun(process.cwd());
    for (const lab of labs) {
      const { connection } = target;
      const checked = await checkLab(lab, { connection, place, namespace, cwd, signal, emit: tell });
      error ??= checked.error;
      if (error) break;
    }
  } catch (thrown) {
    error = classify(signal.aborted ? signal.reason : thrown);
  } finally {
    time.done();
    interrupt.done();
    await target.close();
  }
  const end = ending(gradesOf(steps), error, performance.now() - started);
  tell(end);
  if (error) complain(error, options.debug === true);
  return end.exitCode;
}

function outputOf(options: CheckOptions): (event: CheckEvent) => void {
  if (options.json) return (event) => void process.stdout.write(`${jsonLine(event)}\n`);
  const screen = checkScreen(stdoutScreen(options.color), options.quiet === true);
  return (event) => screen.on(event);
}

function ending(steps: CheckEnd['steps'], error: LabError | undefined, durationMs: number): CheckEnd {
  const failed = error !== undefined || steps.missing + steps.waiting > 0;
  const stopped = error && { kind: error.kind, message: error.message, hint: error.hint };
  return {
    type: 'check:end',
    outcome: failed ? 'failed' : 'passed',
    exitCode: exitCode(failed, error),
    steps,
    durationMs,
    ...(stopped && { error: stopped }),
  };
}

/** A script is told no more than "not passed" of what keeps KMS from being asked; see README for the others. */
function exitCode(failed: boolean, error: LabError | undefined): number {
  const keepsFromAsking = ['credentials', 'denied', 'quota', 'unreachable'];
  return error && !keepsFromAsking.includes(error.kind) ? kinds[error.kind].exit : Number(failed);
}
