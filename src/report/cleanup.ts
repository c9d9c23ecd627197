import type {
  AccountSwept,
  ChangedKey,
  CleanupEnd,
  CleanupEvent,
  CleanupStart,
  PlannedKey,
  SkippedKey,
} from '../cleanup/events.js';
import { dayOf, many } from './age.js';
import { accountLines, keyTable, planLines, staying } from './cleanup-plan.js';
import { duration, flow, hang, usable } from './layout.js';
import { type Ink, inkFor, type Mark } from './mark.js';
import type { Progress, Screen } from './reporter.js';

/** Tells a cleanup in one format. */
export interface CleanupReporter {
  on(event: CleanupEvent): void;
}

export interface CleanupScreenOptions {
  /** Failures and the summary only. */
  quiet: boolean;
  /** The line that gives the keys back. */
  undoLine: string;
}

/** A cleanup for people: the plan as a table, then what went wrong, then what it came to. */
export const cleanupScreen = (screen: Screen, progress: Progress, options: CleanupScreenOptions): CleanupReporter =>
  new CleanupScreen(screen, progress, options);

class CleanupScreen implements CleanupReporter {
  private readonly ink: Ink;
  private start: CleanupStart | undefined;
  private account: AccountSwept | undefined;
  private rows: (PlannedKey | SkippedKey)[] = [];
  private readonly ends: number[] = [];
  /** Regions that nobody could look into; one that is not enabled holds nothing. */
  private missed = 0;
  /** By Region and key id: of a primary that waits for its replicas AWS tells no end. */
  private readonly planned = new Map<string, Date>();

  constructor(
    private readonly screen: Screen,
    private readonly progress: Progress,
    private readonly options: CleanupScreenOptions,
  ) {
    this.ink = inkFor(screen);
  }

  on(event: CleanupEvent): void {
    switch (event.type) {
      case 'cleanup:start':
        this.start = event;
        break;
      case 'cleanup:account':
        this.accountEnd();
        this.account = event;
        this.missed += event.unswept.filter(({ why }) => why !== 'not enabled').length;
        break;
      case 'cleanup:account-failed':
        this.accountEnd();
        this.line('failed', `${event.role}: ${event.message}`);
        break;
      case 'cleanup:remove':
      case 'cleanup:restore':
      case 'cleanup:skip':
        this.rows.push(event);
        if (event.type === 'cleanup:remove' && event.endDate) this.planned.set(nameOf(event), event.endDate);
        break;
      case 'cleanup:plan':
        this.accountEnd();
        if (this.start && !this.options.quiet)
          this.print(planLines(event, this.start, this.options.undoLine, this.ink, this.limit));
        break;
      case 'cleanup:removed':
      case 'cleanup:restored':
        this.changed(event);
        break;
      case 'cleanup:kept':
        this.line('skipped', `${event.region} ${event.keyId}: ${event.reason}`);
        break;
      case 'cleanup:failed':
        this.line('failed', `${event.region} ${event.keyId}: ${event.message}`);
        break;
      case 'cleanup:file-kept':
        this.line('skipped', `${event.path}: ${event.reason}`);
        break;
      case 'cleanup:end':
        this.end(event);
        break;
      default:
        event satisfies never;
    }
  }

  private get limit(): number {
    return usable(this.screen.columns);
  }

  /** What was found in the account is complete when the next thing is told. */
  private accountEnd(): void {
    const { start, account, rows, ink, limit } = this;
    this.account = undefined;
    this.rows = [];
    if (!start || !account || this.options.quiet) return;
    const listed = rows.filter((row) => row.type === 'cleanup:skip' && row.state === undefined).length;
    const blocks = [
      accountLines({ ...start, title: start.action === 'undo' ? 'Cleanup --undo' : 'Cleanup' }, account, ink, limit),
      keyTable(rows, ink, limit),
      staying(account, listed, ink, limit),
    ];
    for (const lines of blocks) if (lines.length > 0) this.print([...lines, '']);
  }

  private changed({ region, keyId, deletionDate, note }: ChangedKey): void {
    const end = deletionDate ?? this.planned.get(nameOf({ region, keyId }));
    if (end) this.ends.push(end.getTime());
    if (note) this.line('skipped', `${region} ${keyId}: ${note}`);
  }

  private line(mark: Mark, text: string): void {
    this.print(hang(`${this.ink.mark(mark)} `, this.ink.text(text), this.limit));
  }

  private end(event: CleanupEnd): void {
    const { ink } = this;
    if (event.dryRun && event.outcome === 'passed') {
      if (!this.options.quiet) this.print(['', ...hang('', 'A dry run: nothing was changed.', this.limit)]);
      return;
    }
    const passed = event.outcome === 'passed';
    const undo = event.action === 'undo';
    const good = undo ? 'given back' : 'clean';
    const mark: Mark = passed ? 'passed' : 'failed';
    const word = passed ? good : `not ${good}`;
    const parts = [
      `${many(event.keys, 'key')} ${undo ? 'enabled' : 'scheduled for deletion'}${this.until()}`,
      ...(event.failed > 0 ? [`${many(event.failed, 'key')} left`] : []),
      ...(event.files.length > 0 ? [`${many(event.files.length, 'file')} removed`] : []),
      ...(this.missed > 0 ? [`${many(this.missed, 'Region')} not swept`] : []),
      duration(event.durationMs),
    ];
    const lines = flow(`${ink.mark(mark)} ${word}  `, parts.map(ink.text), this.limit, ink.dot);
    this.print(lines.map((line, at) => (at === 0 ? ink.tint(mark)(line) : line)));
  }

  private until(): string {
    if (this.ends.length === 0) return '';
    const [first, last] = [Math.min(...this.ends), Math.max(...this.ends)].map((at) => dayOf(new Date(at)));
    return first === last ? `, gone from ${first}` : `, gone from ${first} to ${last}`;
  }

  private print(lines: readonly string[]): void {
    this.progress.hide();
    this.screen.write(lines.map((line) => `${line}\n`).join(''));
  }
}

const nameOf = ({ region, keyId }: Pick<ChangedKey, 'region' | 'keyId'>): string => `${region} ${keyId}`;
