import type { StepStart } from './events.js';

/**
 * What a person says where a guided run stops: go on · go on, and through the step without stopping · leave this step out · end
 * the run here.
 */
export type Choice = 'go' | 'through' | 'skip' | 'quit';

/** Whom a guided run asks, one question at a time. */
export interface Guide {
  /** Before a step. @throws what ended the question, Ctrl-C for one */
  step(step: Pick<StepStart, 'step' | 'title' | 'why'>): Promise<Choice>;
  /** Before a call, which is about to be sent as this line for the AWS CLI would send it. @throws as above */
  call(line: string): Promise<Choice>;
}

/** Which part of a lab is run. */
export interface CourseOptions {
  guide?: Guide | undefined;
  /** The last step to run: its position, and its id ("1.3"). */
  until?: { index: number; step: string } | undefined;
  /** Milliseconds; how long a person took is the difference. */
  now?(): number;
  /** Told before each question, with the line of the call if it is about one. */
  onStop?(line?: string): void;
}

/** A call was not made, because the person left out its step. */
export class Declined extends Error {
  override readonly name = 'Declined';
}

/** How far a run of one lab goes, step by step: all the way, up to a step, or as a person says at each stop. */
export class Course {
  /** Milliseconds that the person took to decide; deadlines for KMS do not count them. */
  heldMs = 0;
  /** Steps that the person left out. */
  skipped = 0;
  /** The person has ended the run. */
  over = false;
  /** The step under way is left out; calls that tidy up after it still pass. */
  declined = false;
  private stopping = false;
  private readonly shown = new Set<string>();
  private turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly options: CourseOptions) {}

  /** Why a step is not even begun; undefined when it is to be run. */
  notBegun(index: number): string | undefined {
    if (this.over) return 'you ended the run before it';
    const { until } = this.options;
    return until && index > until.index ? `the run was to end after ${until.step}` : undefined;
  }

  /** Stop before a step. Whether it is to be run. */
  async enter(step: Pick<StepStart, 'step' | 'title' | 'why'>): Promise<boolean> {
    const { guide } = this.options;
    this.declined = false;
    this.shown.clear();
    this.stopping = guide !== undefined;
    if (guide) this.decide(await this.ask(() => guide.step(step)));
    return !this.declined;
  }

  /**
   * Stop before a call; one that is made again and again, as while waiting for KMS, is asked about once. Calls at the same time
   * are asked about in turn.
   * @throws Declined when it is not to be made
   */
  async call(line: string): Promise<void> {
    if (!this.stopping || this.shown.has(line)) return;
    const asked = this.turn.then(() => this.answer(line));
    this.turn = asked.catch(() => {});
    await asked;
  }

  private async answer(line: string): Promise<void> {
    const { guide } = this.options;
    if (guide && this.stopping && !this.shown.has(line)) {
      this.decide(await this.ask(() => guide.call(line), line));
      this.shown.add(line);
    }
    if (this.declined) throw new Declined(line);
  }

  private async ask(question: () => Promise<Choice>, line?: string): Promise<Choice> {
    const now = this.options.now ?? (() => performance.now());
    const since = now();
    this.options.onStop?.(line);
    try {
      return await question();
    } finally {
      this.heldMs += now() - since;
    }
  }

  private decide(choice: Choice): void {
    if (choice !== 'go') this.stopping = false;
    if (choice === 'go' || choice === 'through') return;
    this.declined = true;
    this.skipped++;
    this.over = choice === 'quit';
  }
}
