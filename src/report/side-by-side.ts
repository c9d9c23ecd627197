import type { LabEvent } from '../lab/events.js';
import type { Progress, Reporter } from './reporter.js';

type Told = Extract<LabEvent, { lab: string }>;

/**
 * For labs that run at the same time: what a lab says is kept back and told in one piece when it has ended, so that no lab's
 * lines stand between another's. Until then one line says where each lab is.
 */
export const sideBySide = (reporter: Reporter, progress: Progress, now = () => performance.now()): Reporter =>
  new SideBySide(reporter, progress, now);

class SideBySide implements Reporter {
  /** What each lab under way has said so far. */
  private readonly kept = new Map<string, Told[]>();
  private started = 0;

  constructor(
    private readonly reporter: Reporter,
    private readonly progress: Progress,
    private readonly now: () => number,
  ) {}

  on(event: LabEvent): void {
    if ('lab' in event) this.keep(event);
    else {
      if (event.type === 'run:start') this.started = this.now();
      else this.tellRest();
      this.reporter.on(event);
    }
    this.show();
  }

  /** A run that breaks off leaves nothing untold. */
  end(): void {
    this.tellRest();
    this.progress.hide();
    this.reporter.end?.();
  }

  private keep(event: Told): void {
    const said = this.kept.get(event.lab) ?? [];
    this.kept.set(event.lab, said);
    // What was waited for is over, or waited for still: of several the last is enough.
    if (said.at(-1)?.type === 'wait') said.pop();
    said.push(event);
    if (event.type === 'lab:end') this.tell(event.lab);
  }

  private tell(lab: string): void {
    const said = this.kept.get(lab) ?? [];
    this.kept.delete(lab);
    for (const event of said) this.reporter.on(event);
  }

  private tellRest(): void {
    for (const lab of [...this.kept.keys()]) this.tell(lab);
  }

  private show(): void {
    if (this.kept.size === 0) {
      this.progress.hide();
      return;
    }
    const where = [...this.kept].map(([lab, said]) => [lab, this.at(said.at(-1))].filter(Boolean).join(' '));
    this.progress.show(where.join(', '), this.now() - this.started);
  }

  /** The step a lab is in; for the last lab under way also what it waits for. */
  private at(last: Told | undefined): string {
    if (!last || !('step' in last) || last.step === undefined) return '';
    return last.type === 'wait' && this.kept.size === 1 ? `${last.step}: ${last.what}` : last.step;
  }
}
