import type { CleanupEvent } from '../cleanup/events.js';
import type { Change } from '../cleanup/plan.js';
import { secondsFor } from '../cleanup/prepare.js';
import { accountEvent, changeEvent, skipEvent } from '../cleanup/tell.js';
import type { Target } from '../target/target.js';
import type { CleanupOptions } from './cleanup.js';
import { filterOf, type Look } from './looking.js';

/** Tell the plan for all accounts. @returns how many keys would change */
export function tellPlan(
  { accounts, refused }: Look,
  options: CleanupOptions,
  target: Target,
  files: number,
  emit: (event: CleanupEvent) => void,
): number {
  const everyone = options.everyone === true;
  const action = options.undo ? 'undo' : 'remove';
  const filter = filterOf(options);
  emit({ type: 'cleanup:start', action, target: target.label, kind: target.kind, everyone, filter });
  const now = Date.now();
  for (const { access, plan, sweep } of accounts) {
    emit(accountEvent({ access, sweep }));
    for (const change of plan.changes) emit(changeEvent(access.account, change, now));
    for (const skip of plan.skips) emit(skipEvent(access.account, skip, now));
  }
  for (const { role, error } of refused)
    emit({ type: 'cleanup:account-failed', role, kind: error.kind, message: error.message });
  const changes = accounts.flatMap(({ plan }) => plan.changes);
  const seconds = accounts.map(secondsFor);
  emit({
    type: 'cleanup:plan',
    accounts: accounts.length,
    keys: changes.length,
    aliases: changes.reduce((sum, change) => sum + aliasesIn(change), 0),
    files,
    skipped: accounts.reduce((sum, { plan }) => sum + plan.skips.length, 0),
    monthlyUsd: accounts.reduce((sum, { plan }) => sum + plan.monthlyUsd, 0),
    seconds: Math.ceil(options.parallel ? Math.max(0, ...seconds) : seconds.reduce((sum, each) => sum + each, 0)),
    rate: options.rate,
  });
  return changes.length;
}

const aliasesIn = ({ steps }: Change) => steps.filter((step) => 'alias' in step).length;
