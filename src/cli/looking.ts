import { labs } from '../../labs/index.js';
import type { FindProgress } from '../cleanup/find.js';
import type { Filter } from '../cleanup/found.js';
import { inParallel } from '../cleanup/in-parallel.js';
import { type Prepared, type PrepareOptions, prepare } from '../cleanup/prepare.js';
import { LabError } from '../errors.js';
import { about, thousands } from '../report/age.js';
import type { Progress } from '../report/reporter.js';
import type { Target, TargetOptions } from '../target/target.js';
import { accountsAtOnce, inAccounts, type Refused, regionsFor, rolesOf } from './accounts.js';
import type { SweepOptions } from './sweep-options.js';

/** What was found in all accounts. */
export interface Look {
  accounts: Prepared[];
  refused: Refused[];
  /** Work on every account, one after another or side by side as was asked. */
  each(work: (prepared: Prepared) => Promise<void>): Promise<void>;
  /** May be called twice. */
  close(): void;
}

export interface LookOptions extends Pick<PrepareOptions, 'action' | 'days' | 'includeUsed' | 'filesUnder'> {
  signal: AbortSignal;
  counter: Counter;
}

/** Find and plan in every account that was asked for, in every Region. */
export async function look(target: Target, options: SweepOptions, how: LookOptions): Promise<Look> {
  const { counter, ...plan } = how;
  const { everyone, parallel = false, rate } = options;
  const roles = rolesOf(options);
  const regions = regionsFor(target, options.region);
  const accounts: Prepared[] = [];
  const progress = new Map<string, FindProgress>();
  const refused = await inAccounts(target, roles, parallel, async (access) => {
    const onProgress = (now: FindProgress) => {
      progress.set(access.role ?? '', now);
      const sum = (of: (one: FindProgress) => number) => [...progress.values()].reduce((all, one) => all + of(one), 0);
      counter.count(
        'keys to be looked at',
        sum(({ looked }) => looked),
        sum(({ listed }) => listed),
      );
    };
    const filter = { ...filterOf(options), ...(everyone ? {} : { owner: access.identity }) };
    const onThrottled = (what: string) => counter.throttled(what);
    accounts.push(await prepare(access, { ...plan, regions, filter, share: rate, onProgress, onThrottled }));
  });
  accounts.sort((a, b) => roles.indexOf(a.access.role ?? '') - roles.indexOf(b.access.role ?? ''));
  return {
    accounts,
    refused,
    each: (work) => inParallel(accounts, parallel ? accountsAtOnce : 1, work),
    close() {
      for (const { clients } of accounts) clients.close();
    },
  };
}

/** The filter that options ask for, the owner aside. */
export function filterOf({ namespace, lab, run, olderThan }: SweepOptions): Omit<Filter, 'owner'> {
  return {
    ...(namespace && { namespace }),
    ...(lab && { lab }),
    ...(run && { run }),
    ...(olderThan !== undefined && { olderThanMs: olderThan }),
  };
}

/**
 * Accounts and Regions in which keys may be that nobody has seen. A Region that is not enabled can't hold any; nor can one
 * that another server than AWS does not answer for, unless it was asked for.
 */
export function unseen({ accounts, refused }: Look, target: Target, options: SweepOptions): LabError[] {
  const optional = target.kind === 'endpoint' && options.region === undefined;
  const regions = (optional ? [] : accounts).flatMap(({ access, sweep }) =>
    sweep.unswept
      .filter(({ why }) => why === 'unreachable')
      .map(({ region, reason, error }) => {
        return new LabError('unreachable', `${region} of account ${access.account}: ${reason}`, { cause: error });
      }),
  );
  return [...refused.map(({ role, error }) => new LabError(error.kind, `${role}: ${error.message}`)), ...regions];
}

/** Nothing was found under a name that is none of kms-lab's labs: a slip, more likely than a lab of one's own. */
export function unknownLab({ lab }: SweepOptions, found: boolean): LabError[] {
  if (lab === undefined || found || labs.some(({ id }) => id === lab)) return [];
  const known = labs.map(({ id }) => id).join(', ');
  return [
    new LabError('usage', `no lab is called ${lab}, and nothing here bears that name`, { hint: `the labs: ${known}` }),
  ];
}

/** Of a repeated `--region` the first is the one in which STS is asked. */
export function targetOptions({ region, ...options }: SweepOptions): TargetOptions {
  const [first] = region ?? [];
  return { ...options, ...(first !== undefined && { region: first }) };
}

/** Counts work that is awaited, with an estimate of what is left of it. */
export class Counter {
  private what = '';
  private since = 0;
  private text = '';

  constructor(private readonly progress: Progress) {}

  count(what: string, done: number, of: number): void {
    if (what !== this.what) Object.assign(this, { what, since: performance.now() });
    const elapsed = performance.now() - this.since;
    // Nothing can be said of the first moments.
    const left = done > 0 && elapsed > 2000 ? `, about ${about(((elapsed / done) * (of - done)) / 1000)} left` : '';
    this.text = `${what}: ${thousands(done)} of ${thousands(of)}${left}`;
    this.progress.show(this.text, elapsed);
  }

  /** AWS asks to wait; said until the next thing is done. */
  throttled(what: string): void {
    this.progress.show([this.text, what].filter(Boolean).join('; '), this.what ? performance.now() - this.since : 0);
  }

  hide(): void {
    this.progress.hide();
  }
}
