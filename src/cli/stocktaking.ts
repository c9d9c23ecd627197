import type { StatusEvent, StatusKey } from '../cleanup/events.js';
import { statusOf } from '../cleanup/status.js';
import { accountEvent } from '../cleanup/tell.js';
import { kinds, LabError } from '../errors.js';
import { jsonLine } from '../report/json.js';
import { statusScreen } from '../report/status.js';
import { resolveTarget } from '../target/target.js';
import { progressOf } from './cleanup-output.js';
import { complain } from './complain.js';
import { gravest } from './gravest.js';
import { onInterrupt } from './interrupt.js';
import { Counter, filterOf, type Look, look, targetOptions, unknownLab, unseen } from './looking.js';
import { stdoutScreen } from './screen.js';
import type { SweepOptions } from './sweep-options.js';

/** Find what exists and say what it costs. Changes nothing. */
export async function tellStatus(options: SweepOptions): Promise<number> {
  const target = await resolveTarget(targetOptions(options), process.env);
  const interrupt = onInterrupt('nothing was changed: run it again');
  const progress = progressOf(options);
  const counter = new Counter(progress);
  const { signal } = interrupt;
  let found: Look | undefined;
  try {
    found = await look(target, options, { action: 'look', signal, counter });
    const emit = outputOf(options, progress.hide.bind(progress));
    const everyone = options.everyone === true;
    emit({ type: 'status:start', target: target.label, kind: target.kind, everyone, filter: filterOf(options) });
    const keys = tellAccounts(found, emit);
    const errors = [...unseen(found, target, options), ...unknownLab(options, keys.length > 0)];
    if (signal.aborted && signal.reason instanceof LabError) errors.push(signal.reason);
    return conclude(keys, gravest(errors), emit, options.debug === true);
  } finally {
    counter.hide();
    found?.close();
    interrupt.done();
    await target.close();
  }
}

type Emit = (event: StatusEvent) => void;

function outputOf(options: SweepOptions, beforePrinting: () => void): Emit {
  if (options.json) return (event) => void process.stdout.write(`${jsonLine(event)}\n`);
  const screen = statusScreen(stdoutScreen(options.color), options.quiet === true);
  return (event) => {
    beforePrinting();
    screen.on(event);
  };
}

function tellAccounts(found: Look, emit: Emit): StatusKey[] {
  const now = Date.now();
  const keys: StatusKey[] = [];
  for (const prepared of found.accounts) {
    const here = statusOf(prepared, now);
    emit(accountEvent(prepared));
    for (const key of here) emit(key);
    keys.push(...here);
  }
  for (const { role, error } of found.refused)
    emit({ type: 'cleanup:account-failed', role, kind: error.kind, message: error.message });
  return keys;
}

function conclude(keys: StatusKey[], error: LabError | undefined, emit: Emit, debug: boolean): number {
  const exitCode = error ? kinds[error.kind].exit : 0;
  const alive = keys.filter(({ soFarUsd }) => soFarUsd !== null);
  emit({
    type: 'status:end',
    outcome: error ? 'failed' : 'passed',
    exitCode,
    keys: alive.length,
    pending: keys.length - alive.length,
    monthlyUsd: alive.reduce((sum, { monthlyUsd }) => sum + monthlyUsd, 0),
    soFarUsd: alive.reduce((sum, { soFarUsd }) => sum + (soFarUsd ?? 0), 0),
  });
  if (error) complain(error, debug);
  return exitCode;
}
