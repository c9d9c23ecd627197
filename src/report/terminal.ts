import type { ClaimEvent, LabEnd, LabEvent, LabStart, NoteEvent, RunEnd, StepEnd, StepStart } from '../lab/events.js';
import { aftermath, type FollowUp } from './aftermath.js';
import { claimLines, stepTitle, undone, whyLines } from './claim.js';
import { visible } from './clean.js';
import { headline, labTitle } from './headline.js';
import { hang, prose, usable } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import { labOutcome, runOutcome } from './outcome.js';
import type { Progress, Reporter, Screen } from './reporter.js';
import { Story } from './story.js';

export interface TerminalOptions {
  /** Failures and the summary only. */
  quiet?: boolean;
  /** What the `kms-lab` lines of the summary must carry. */
  next?: FollowUp;
}

/** A run for people: on a terminal as it happens, elsewhere as plain lines whose last one says the outcome. */
export const terminal = (screen: Screen, progress: Progress, options: TerminalOptions = {}): Reporter =>
  new TerminalReporter(screen, progress, options);

class TerminalReporter implements Reporter {
  private readonly ink: Ink;
  private readonly story = new Story();
  /** The step under way, and whether its title has been printed. */
  private step: (StepStart & { told: boolean; failed: boolean }) | undefined;
  private written = false;
  /** The line before names a step that was not done: such steps are a list. */
  private listing = false;

  constructor(
    private readonly screen: Screen,
    private readonly progress: Progress,
    private readonly options: TerminalOptions,
  ) {
    this.ink = inkFor(screen);
  }

  on(event: LabEvent): void {
    this.story.add(event);
    this.tell(event);
    if (this.step && event.type !== 'wait' && event.type !== 'stop') this.await('KMS', 0);
  }

  end(): void {
    this.step = undefined;
    this.progress.hide();
  }

  private tell(event: LabEvent): void {
    switch (event.type) {
      case 'run:start':
        this.unlessQuiet(headline(event, this.screen, this.ink));
        break;
      case 'lab:start':
        this.labStart(event);
        break;
      case 'step:start':
        this.stepStart(event);
        break;
      case 'call':
        break; // its line for the AWS CLI comes as `command`
      case 'command':
        // Never wrapped, shortened or spelt in ASCII: it is there to be pasted.
        this.unlessQuiet([this.ink.style.dim(`       $ ${visible(event.line)}`)]);
        break;
      case 'claim':
        this.claim(event);
        break;
      case 'note':
        this.note(event);
        break;
      case 'wait':
        this.await(event.what, event.elapsedMs);
        break;
      case 'stop':
        this.progress.hide();
        break;
      case 'step:end':
        this.stepEnd(event);
        break;
      case 'lab:end':
        this.labEnd(event);
        break;
      case 'run:end':
        this.runEnd(event);
        break;
      default:
        event satisfies never;
    }
  }

  private get limit(): number {
    return usable(this.screen.columns);
  }

  private labStart(event: LabStart): void {
    if (!this.story.single && !this.options.quiet) this.block([this.ink.style.bold(labTitle(event, this.ink))]);
  }

  private stepStart(event: StepStart): void {
    this.step = { ...event, told: !this.options.quiet, failed: false };
    if (this.options.quiet) return;
    this.block([...stepTitle(event, this.ink, this.limit), ...whyLines(event.why, this.ink, this.limit)]);
  }

  private claim(event: ClaimEvent): void {
    const lines = claimLines(event, this.ink, this.limit);
    if (event.outcome === 'passed') {
      this.unlessQuiet(lines);
      return;
    }
    // A quiet run tells a step's title with its first failure.
    if (this.step && !this.step.told) this.block(stepTitle(this.step, this.ink, this.limit));
    if (this.step) this.step = { ...this.step, told: true, failed: true };
    this.print(lines);
  }

  private note(event: NoteEvent): void {
    const indent = event.step ? '       ' : '';
    const lines = [
      ...hang(indent, this.ink.text(event.text), Math.min(this.limit, prose)),
      ...(event.picture ?? []).map((line) => indent + this.ink.whole(line)),
    ];
    // What is said about a failure belongs to it.
    if (this.step?.failed) this.print(lines);
    else this.unlessQuiet(lines);
  }

  private stepEnd(event: StepEnd): void {
    const begun = this.step?.step === event.step;
    this.step = undefined;
    this.progress.hide();
    const lines = undone(event, begun, this.ink, this.limit);
    if (lines.length === 0 || this.options.quiet) return;
    if (begun || this.listing) this.print(lines);
    else this.block(lines);
    this.listing = !begun;
  }

  private labEnd(event: LabEnd): void {
    // Without a terminal the last line is the outcome, and what is left comes before it.
    const now = this.screen.isTerminal || !this.story.single;
    if (now) this.block(labOutcome(event, this.story, this.ink, this.limit));
  }

  private runEnd(event: RunEnd): void {
    this.end();
    const { story, ink, limit } = this;
    const [lab] = story.labs;
    const same = story.single && lab !== undefined && lab.outcome === event.outcome;
    const byHand = story.kind === 'local' && story.hasCommands && !this.options.quiet;
    const left = aftermath(event, story, ink, limit, this.options.next ?? {}, byHand);
    if (this.screen.isTerminal) {
      if (!same) this.block(runOutcome(event, story, ink, limit));
      this.print(left);
      return;
    }
    this.block(left);
    if (!this.options.quiet) this.failuresAgain();
    // No width there, and the last line must say it all.
    const endless = Number.POSITIVE_INFINITY;
    this.block(same ? labOutcome(lab, story, ink, endless) : runOutcome(event, story, ink, endless));
  }

  /** In a long log the reason must be found at its end. */
  private failuresAgain(): void {
    const { story, ink, limit } = this;
    if (story.failures.length === 0) return;
    this.block(['What failed, once more:']);
    for (const { step, claims } of story.failures) {
      this.print([...stepTitle(step, ink, limit), ...claims.flatMap((claim) => claimLines(claim, ink, limit))]);
    }
  }

  private await(what: string, elapsedMs: number): void {
    if (!this.options.quiet) this.progress.show(what, elapsedMs);
  }

  private unlessQuiet(lines: string[]): void {
    if (!this.options.quiet) this.print(lines);
  }

  /** Lines with a blank line before them, unless they are the first. */
  private block(lines: string[]): void {
    if (lines.length > 0) this.print(this.written ? ['', ...lines] : lines);
  }

  private print(lines: string[]): void {
    if (lines.length === 0) return;
    this.progress.hide();
    this.written = true;
    this.listing = false;
    this.screen.write(lines.map((line) => `${line}\n`).join(''));
  }
}
