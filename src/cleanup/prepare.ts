import type { Connection } from '../kms/connection.js';
import { type Clients, clients } from './clients.js';
import { type FindProgress, find } from './find.js';
import { type Filter, isPending, type Sweep } from './found.js';
import type { PaceOptions } from './pace.js';
import { type Plan, type PlanOptions, plan, type Step } from './plan.js';
import { wallTime } from './time.js';
import { planUndo } from './undo.js';

/** An account that has been entered. */
export interface Access {
  account: string;
  /** The caller's ARN there, or "unknown". */
  identity: string;
  /** The role that was assumed for it. */
  role?: string;
  connection: Connection;
}

export interface PrepareOptions extends PaceOptions, Pick<PlanOptions, 'days' | 'includeUsed' | 'filesUnder'> {
  regions: readonly string[];
  filter: Filter;
  action: 'remove' | 'undo' | 'look';
  onProgress?(progress: FindProgress): void;
}

/** What was found in an account, and what is to be done. */
export interface Prepared {
  access: Access;
  clients: Clients;
  sweep: Sweep;
  plan: Plan;
}

/** Search an account and plan. Changes nothing. The clients stay open: whoever calls closes them. */
export async function prepare(access: Access, options: PrepareOptions): Promise<Prepared> {
  const { regions, filter, action, onProgress, time = wallTime } = options;
  const own = clients(access.connection, options);
  try {
    // Only of keys whose price is told: with --undo those that are billed again.
    const rotations = (state: string) => isPending(state) === (action === 'undo');
    const sweep = await find({ kms: own.kms, regions, filter, time, rotations, ...(onProgress && { onProgress }) });
    const now = time.now();
    const planned = action === 'undo' ? await planUndo(sweep, own.kms) : plan(sweep, { ...options, now });
    return { access, clients: own, sweep, plan: planned };
  } catch (error) {
    own.close();
    throw error;
  }
}

const operationOf: Readonly<Record<Step['do'], string>> = {
  'delete alias': 'DeleteAlias',
  'schedule deletion': 'ScheduleKeyDeletion',
  'cancel deletion': 'CancelKeyDeletion',
  enable: 'EnableKey',
  'create alias': 'CreateAlias',
};

/** Seconds that a plan takes at the pace of its clients: Regions side by side, in each the operation that takes longest. */
export function secondsFor({ plan: { changes }, clients: { pace } }: Pick<Prepared, 'plan' | 'clients'>): number {
  const calls = new Map<string, number>();
  for (const { key, steps, phase } of changes) {
    for (const step of steps) {
      const name = `${phase} ${key.region} ${operationOf[step.do]}`;
      calls.set(name, (calls.get(name) ?? 0) + 1);
    }
  }
  const longest = [0, 0];
  for (const [name, count] of calls) {
    const [phase = '0', , operation = ''] = name.split(' ');
    longest[Number(phase)] = Math.max(longest[Number(phase)] ?? 0, pace.seconds(operation, count));
  }
  return longest.reduce((sum, each) => sum + each, 0);
}
