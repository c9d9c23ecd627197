import { apply, type CleanupResult } from '../cleanup/apply.js';
import { type Found, find } from '../cleanup/find.js';
import { type Plan, plan } from '../cleanup/plan.js';
import { clients } from '../cleanup/run.js';
import { kinds, LabError } from '../errors.js';
import { type FilesPlan, findLearnerFolders, removeLearnerFiles } from '../files/remove-files.js';
import { jsonLine } from '../report/json.js';
import { resolveTarget, type Target } from '../target/target.js';
import type { CleanupOptions } from './cleanup.js';
import { complain } from './complain.js';
import { canAsk, confirm } from './confirm.js';
import { onInterrupt } from './interrupt.js';

type Tell = (event: { type: string } & Record<string, unknown>, lines: readonly string[]) => void;

/** Plan, ask, apply, and say what came of it. Exit 6 when anything is left that should have gone. */
export async function cleanUp(options: CleanupOptions): Promise<number> {
  const target = await resolveTarget(options, process.env);
  const interrupt = onInterrupt();
  const { kms, close } = clients(target.connection);
  const tell: Tell = (event, lines) => {
    if (options.json) process.stdout.write(`${jsonLine(event)}\n`);
    else for (const line of lines) process.stdout.write(`${line}\n`);
  };
  try {
    const planned = await planFor(options, target, kms);
    tellPlan(planned, target, tell);
    if (options.dryRun) return 0;
    if (planned.removals.length > 0 && !options.yes) await ask(target);
    const result = await apply(planned, { kms, signal: interrupt.signal });
    const files = removeFiles(options);
    tellResult(result, files, tell);
    return endOf(result, planned, interrupt.signal, options.debug === true);
  } finally {
    close();
    interrupt.done();
    await target.close();
  }
}

async function planFor(options: CleanupOptions, target: Target, kms: Parameters<typeof find>[0]['kms']): Promise<Plan> {
  const { arn } = await target.identity();
  const { lab, run, namespace } = options;
  const filter = { ...(lab && { lab }), ...(run && { run }), ...(namespace && { namespace }) };
  const found: Found[] = [];
  for await (const one of find({ kms, regions: [target.region], filter })) found.push(one);
  const planned = plan(found, { owner: arn });
  const [unswept] = planned.unswept; // one Region is asked: when it can't be searched, nothing is known
  if (unswept) throw unswept.error;
  return planned;
}

/** The embedded KMS can be cleaned without a question; anywhere else somebody has to agree. */
async function ask(target: Target): Promise<void> {
  if (target.kind === 'local') return;
  if (canAsk()) return await confirm('Go ahead?');
  throw new LabError('guard', 'cleanup needs a confirmation: nothing was done', {
    hint: 'add --yes, or --dry-run to see the plan',
  });
}

function tellPlan(planned: Plan, target: Target, tell: Tell): void {
  const { removals, skips, savesMonthlyUsd } = planned;
  tell({ type: 'cleanup:start', target: target.label, region: target.region }, [
    `Cleanup · ${target.label} · ${target.region}`,
  ]);
  for (const { key, reason, steps } of removals) {
    const { keyId, region, aliases, ownership } = key;
    tell({ type: 'cleanup:remove', keyId, region, aliases, lab: ownership.lab, steps, reason }, [
      `  ${keyId}  ${ownership.lab}  ${reason}`,
    ]);
  }
  for (const { key, why, reason } of skips) {
    tell({ type: 'cleanup:skip', keyId: key.keyId, region: key.region, why, reason }, [`  ${key.keyId}  – ${reason}`]);
  }
  const count = removals.length;
  tell({ type: 'cleanup:plan', keys: count, skipped: skips.length, savesMonthlyUsd }, [
    count === 0
      ? '  nothing to remove'
      : `  ${count} ${count === 1 ? 'key' : 'keys'} · saves $${savesMonthlyUsd.toFixed(2)} a month where AWS bills it`,
  ]);
}

function removeFiles({ lab }: CleanupOptions): FilesPlan {
  const done = findLearnerFolders(process.cwd(), lab).map(removeLearnerFiles);
  return { remove: done.flatMap(({ remove }) => remove), kept: done.flatMap(({ kept }) => kept) };
}

function tellResult(result: CleanupResult, files: FilesPlan, tell: Tell): void {
  for (const { keyId, state, deletionDate } of result.scheduled) {
    const when = deletionDate ? `, gone from ${deletionDate.toISOString().slice(0, 10)}` : '';
    tell({ type: 'cleanup:removed', keyId, state, deletionDate }, [`✔ ${keyId} is ${state}${when}`]);
  }
  for (const { keyId, message } of result.failed) {
    tell({ type: 'cleanup:failed', keyId, message }, [`✖ ${keyId}: ${message}`]);
  }
  for (const { path, reason } of files.kept)
    tell({ type: 'cleanup:file-kept', path, reason }, [`– ${path}: ${reason}`]);
  const outcome = result.failed.length > 0 ? 'failed' : 'passed';
  const done = `${result.scheduled.length} keys scheduled for deletion, ${files.remove.length} files removed`;
  tell({ type: 'cleanup:end', outcome, keys: result.scheduled.length, files: files.remove }, [
    outcome === 'passed' ? `✔ clean  ${done}` : `✖ not clean  ${done}, ${result.failed.length} keys left`,
  ]);
}

function endOf(result: CleanupResult, _plan: Plan, signal: AbortSignal, debug: boolean): number {
  if (signal.aborted) return complain(signal.reason, debug);
  const [left] = result.failed;
  if (!left) return 0;
  complain(new LabError('leftovers', `${result.failed.length} keys are left: ${left.message}`), debug);
  return kinds.leftovers.exit;
}
