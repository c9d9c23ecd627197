import { apply } from '../cleanup/apply.js';
import type { CleanupAction, CleanupEvent } from '../cleanup/events.js';
import type { Prepared } from '../cleanup/prepare.js';
import { appliedEvents } from '../cleanup/tell.js';
import { type Kind, kinds, LabError } from '../errors.js';
import { filesUnder } from '../files/remembered.js';
import { findLearnerFolders, planLearnerFiles, removeLearnerFiles } from '../files/remove-files.js';
import { many } from '../report/age.js';
import { notesFolders } from '../target/state.js';
import { resolveTarget, type Target } from '../target/target.js';
import { tellPlan } from './cleaning-plan.js';
import type { CleanupOptions } from './cleanup.js';
import { cleanupOutput } from './cleanup-output.js';
import { complain } from './complain.js';
import { canAsk, confirm } from './confirm.js';
import { gravest } from './gravest.js';
import { onInterrupt } from './interrupt.js';
import { Counter, type Look, look, targetOptions, unknownLab, unseen } from './looking.js';

/** A cleanup under way. */
interface Session {
  options: CleanupOptions;
  action: CleanupAction;
  counter: Counter;
  emit(event: CleanupEvent): void;
  signal: AbortSignal;
  /** By `performance.now()`. */
  started: number;
}

/** Plan, ask, apply, verify, and say what came of it. Exit 6 when anything is left that should have gone. */
export async function cleanUp(options: CleanupOptions): Promise<number> {
  const target = await resolveTarget(targetOptions(options), process.env);
  const interrupt = onInterrupt(
    `run \`kms-lab cleanup${options.undo ? ' --undo' : ''}\` again: it goes on where this ended`,
  );
  const { emit, progress } = await cleanupOutput(options);
  const counter = new Counter(progress);
  const { signal } = interrupt;
  const action = options.undo ? 'undo' : 'remove';
  const session: Session = { options, action, counter, emit, signal, started: performance.now() };
  let found: Look | undefined;
  try {
    found = await look(target, options, { ...planOptions(options), action, signal, counter });
    const files = filesWith(options, planLearnerFiles);
    const goes = files.flatMap(({ remove }) => remove).length;
    const keys = tellPlan(found, options, target, goes, emit);
    const anything = files.length > 0 || found.accounts.some(({ plan }) => plan.changes.length + plan.skips.length > 0);
    const errors = [...unseen(found, target, options), ...unknownLab(options, anything)];
    if (options.dryRun) return conclude(session, errors, { done: 0, failed: 0, files: [] });
    if (keys + goes > 0 && !options.yes) await ask(target, question(options, keys, goes));
    return await act(session, found, errors);
  } finally {
    counter.hide();
    found?.close();
    interrupt.done();
    await target.close();
  }
}

const planOptions = ({ window, includeUsed, loseFiles, state }: CleanupOptions) => ({
  days: window,
  ...(includeUsed && { includeUsed }),
  ...(!loseFiles && { filesUnder: filesUnder(notesFolders(state, process.env)) }),
});

/** Whoever asked for no plan still has to know what is agreed to. */
export function question({ quiet, undo }: CleanupOptions, keys: number, files: number): string {
  const things = [...(keys > 0 ? [many(keys, 'key')] : []), ...(files > 0 ? [many(files, 'local file')] : [])];
  return `${quiet ? `${undo ? 'Give back' : 'Remove'} ${things.join(' and ')}. ` : ''}Go ahead?`;
}

/** The embedded KMS can be cleaned without a question; anywhere else somebody has to agree. */
async function ask(target: Target, about: string): Promise<void> {
  if (target.kind === 'local') return;
  if (canAsk()) return await confirm(about);
  throw new LabError('guard', 'cleanup needs a confirmation: nothing was done', {
    hint: 'add --yes, or --dry-run to see the plan',
  });
}

/**
 * Files bear neither run nor age nor account, and do not come back: they go only with a cleanup that does not ask for those, and not
 * with one of accounts that others worked in.
 */
const canRemoveFiles = ({ undo, run, olderThan, roleArn, accounts }: CleanupOptions) =>
  !undo && [run, olderThan, roleArn, accounts].every((narrowed) => narrowed === undefined);

function filesWith<Result>(options: CleanupOptions, work: (folder: string) => Result): Result[] {
  return canRemoveFiles(options) ? findLearnerFolders(process.cwd(), options.lab).map(work) : [];
}

async function act(session: Session, found: Look, errors: LabError[]): Promise<number> {
  const { options, action, emit, signal } = session;
  const sum = { done: 0, failed: 0 };
  const count = counting(session, found);
  await found.each(async (prepared: Prepared) => {
    const { access, clients, plan } = prepared;
    const told = appliedEvents(access.account, action, emit);
    const { done, failed } = await apply(plan, { kms: clients.kms, signal, onProgress: count, ...told });
    const all = [...failed, ...unreadOf(prepared)];
    sum.done += done.length;
    sum.failed += all.length;
    const [left] = all;
    if (!left) return;
    const what = `${all.length} ${all.length === 1 ? 'key is' : 'keys are'} left`;
    const hint = left.kind === 'denied' ? { hint: kinds.denied.hint } : {};
    errors.push(new LabError(action === 'undo' ? left.kind : 'leftovers', `${what}: ${left.message}`, hint));
  });
  const folders = signal.aborted ? [] : filesWith(options, removeLearnerFiles);
  for (const { path, reason } of folders.flatMap(({ kept }) => kept)) emit({ type: 'cleanup:file-kept', path, reason });
  return conclude(session, errors, { ...sum, files: folders.flatMap(({ remove }) => remove) });
}

/** Keys that by their tags should change, of which the caller may not see how they are. */
const unreadOf = ({ plan }: Prepared): { kind: Kind; message: string }[] =>
  plan.skips.flatMap(({ key, reason }) =>
    key.type === 'unreadable' && key.ownership ? [{ kind: 'denied', message: reason }] : [],
  );

/** Keys of all accounts together. */
function counting({ action, counter }: Session, { accounts }: Look): () => void {
  const of = accounts.reduce((sum, { plan }) => sum + plan.changes.length, 0);
  let ended = 0;
  return () => counter.count(action === 'undo' ? 'keys to be given back' : 'keys to be scheduled', ++ended, of);
}

interface Sum {
  done: number;
  failed: number;
  files: string[];
}

function conclude(session: Session, errors: LabError[], { done, failed, files }: Sum): number {
  const { signal, options, action, emit, started } = session;
  if (signal.aborted && signal.reason instanceof LabError) errors.push(signal.reason);
  const error = gravest(errors);
  const exitCode = error ? kinds[error.kind].exit : 0;
  emit({
    type: 'cleanup:end',
    action,
    outcome: error ? 'failed' : 'passed',
    dryRun: options.dryRun === true,
    exitCode,
    keys: done,
    failed,
    files,
    durationMs: performance.now() - started,
    ...(error && { error: { kind: error.kind, message: error.message, hint: error.hint } }),
  });
  if (error) complain(error, options.debug === true);
  return exitCode;
}
