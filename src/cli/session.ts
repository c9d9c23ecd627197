import { randomUUID } from 'node:crypto';
import { classify, kinds, LabError } from '../errors.js';
import { filesUnder } from '../files/remembered.js';
import { monthlyUsd } from '../kms/price.js';
import type { CourseOptions, Guide } from '../lab/course.js';
import type { Lab } from '../lab/define.js';
import type { LabEvent, Place, RunEnd } from '../lab/events.js';
import { type LabResult, runLab } from '../lab/run.js';
import { count, money } from '../report/layout.js';
import { several } from '../report/several.js';
import { notesFolders } from '../target/state.js';
import { resolveTarget, type Target } from '../target/target.js';
import { complain } from './complain.js';
import { canAsk, confirm } from './confirm.js';
import { gravest, worthTelling } from './gravest.js';
import { checkGuided, guideOf, upTo } from './guiding.js';
import { onInterrupt } from './interrupt.js';
import type { LabOptions } from './lab.js';
import { openReports } from './reports.js';
import { runEach } from './run-each.js';
import { followUp, reporterFor } from './screen.js';

type Emit = (event: LabEvent) => void;

/** What a run is about, once it is known where it goes and as whom. */
interface Session {
  labs: readonly Lab[];
  options: LabOptions;
  target: Target;
  place: Place;
  run: string;
  emit: Emit;
  signal: AbortSignal;
  home?: string;
  /** How far, and as whom it asks. */
  course: { guide: Guide | undefined; until: CourseOptions['until'] };
}

/**
 * Run labs, as one run with one report, and give the exit code. What fails before the run starts throws, with stdout empty.
 * @param home the folder of a lab that is not one of kms-lab's
 */
export async function runLabs(given: readonly Lab[], options: LabOptions, home?: string): Promise<number> {
  checkGuided(options);
  const { labs, until } = upTo(given, options.until);
  const reports = openReports(options, process.env);
  const target = await resolveTarget(options, process.env);
  const interrupt = onInterrupt();
  const reporter = several([reporterFor(options), ...reports.reporters]);
  try {
    const { account, arn } = await target.identity();
    const place: Place = { kind: target.kind, label: target.label, region: target.region, account, identity: arn };
    // A lab refuses options that make no sense here before anything is told or made.
    for (const lab of labs) lab.valuesOf({ ...options }, place);
    const session: Session = {
      labs,
      options,
      target,
      place,
      run: runId(),
      emit: (event) => reporter.on(event),
      signal: interrupt.signal,
      ...(home !== undefined && { home }),
      course: { guide: guideOf(options, interrupt.signal), until },
    };
    return reports.settle(await perform(session));
  } finally {
    reporter.end?.();
    interrupt.done();
    await target.close();
  }
}

/** Sortable by time, unique among runs: `20261124T101500-1a2b3c4d`. */
function runId(): string {
  const stamp = new Date().toISOString().replace(/[-:]|\.\d+Z$/g, '');
  return `${stamp}-${randomUUID().slice(0, 8)}`;
}

async function perform(session: Session): Promise<number> {
  const { labs, options, place, run, emit } = session;
  const started = performance.now();
  emit({
    type: 'run:start',
    run,
    namespace: options.namespace,
    time: new Date().toISOString(),
    place,
    labs: labs.map(({ id, facts }) => ({
      lab: id,
      number: facts.number,
      title: facts.title,
      keys: facts.keys,
      monthlyUsd: monthlyUsd(facts.keys),
    })),
  });
  const results: LabResult[] = [];
  const errors: LabError[] = [];
  let began = false;
  try {
    if (place.kind === 'aws' && !options.yes && !options.json && canAsk()) await confirm(question(session));
    began = true;
    await runEach(labs, (lab) => runOne(lab, session), { parallel: options.parallel === true, results });
  } catch (thrown) {
    errors.push(classify(thrown));
  }
  errors.push(...results.flatMap(({ error }) => error ?? []));
  const cleanup = options.cleanup && began ? await cleanUp(session, errors) : undefined;
  // Ctrl-C after the last call, or while the keys were removed, was heard too.
  const stopped: unknown = session.signal.reason;
  if (stopped instanceof LabError && !errors.includes(stopped)) errors.push(stopped);
  const error = gravest(errors);
  const end = ending(session, results, performance.now() - started, error, cleanup);
  emit(end);
  for (const each of worthTelling(errors)) complain(each, options.debug === true);
  return end.exitCode;
}

/** Said in full, since `--quiet` leaves the header out. */
function question({ labs, place }: Session): string {
  const keys = labs.reduce((sum, lab) => sum + lab.facts.keys, 0);
  return `Make ${count(keys, 'KMS key')} (${money(monthlyUsd(keys))} a month) in account ${place.account}, ${place.region}?`;
}

async function runOne(lab: Lab, session: Session): Promise<LabResult> {
  const { options, target, place, run, emit, signal, course, home } = session;
  const last = lab === session.labs.at(-1);
  return await runLab(lab, {
    ...(home !== undefined && { home }),
    guide: course.guide,
    until: last ? course.until : undefined,
    connection: target.connection,
    place,
    ownership: { lab: lab.id, namespace: options.namespace, run, owner: place.identity },
    fresh: options.fresh === true,
    cwd: process.cwd(),
    options: { ...options },
    followUp: followUp(options),
    signal,
    emit,
  });
}

/** Delete what this run made, found by its run tag and not from memory. An interrupt does not stop it. */
async function cleanUp({ target, run, options }: Session, errors: LabError[]): Promise<RunEnd['cleanup']> {
  const { removeRun } = await import('../cleanup/run.js');
  try {
    const done = await removeRun(target, run, filesUnder(notesFolders(options.state, process.env)));
    if (done.failed.length > 0) errors.push(new LabError('leftovers', 'some keys could not be removed'));
    return done;
  } catch (thrown) {
    errors.push(new LabError('leftovers', `cleanup: ${classify(thrown).message}`, { cause: thrown }));
    return undefined;
  }
}

function ending(
  { run }: Session,
  results: readonly LabResult[],
  durationMs: number,
  error: LabError | undefined,
  cleanup: RunEnd['cleanup'],
): RunEnd {
  const sum = (of: (end: LabResult['end']) => number) => results.reduce((total, { end }) => total + of(end), 0);
  const failed = error !== undefined || results.some(({ end }) => end.outcome === 'failed');
  return {
    type: 'run:end',
    run,
    outcome: failed ? 'failed' : 'passed',
    exitCode: error ? kinds[error.kind].exit : failed ? 1 : 0,
    steps: sum((end) => end.steps.passed + end.steps.failed),
    claims: { passed: sum((end) => end.claims.passed), failed: sum((end) => end.claims.failed) },
    calls: sum((end) => end.calls),
    durationMs,
    ...(cleanup && { cleanup }),
    ...(error && { error: { kind: error.kind, message: error.message, hint: error.hint } }),
  };
}
