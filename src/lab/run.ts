import { classify, LabError } from '../errors.js';
import { type KmsClients, type KmsOptions, openKms } from '../kms/clients.js';
import type { Connection, Ownership } from '../kms/connection.js';
import { contextFor, Unprovided } from './build-context.js';
import type { StepContext } from './context.js';
import { Course, type CourseOptions } from './course.js';
import type { Lab, Step } from './define.js';
import { wayOut } from './denied.js';
import type { LabEnd, LabEvent, Place, StepEnd } from './events.js';
import { interruption } from './interruption.js';
import { whyNotOffered } from './offered.js';
import { Tally } from './tally.js';
import { Teller } from './teller.js';

export interface RunOptions extends Pick<CourseOptions, 'guide' | 'until'>, Pick<KmsOptions, 'retelling'> {
  connection: Connection;
  place: Place;
  ownership: Ownership;
  fresh: boolean;
  /** The learner's files go below it. */
  cwd: string;
  /** The folder of a lab that is not one of kms-lab's: its samples lie there, and its faults are its own. */
  home?: string;
  /** What was given of the lab's own options; the others have their defaults. */
  options?: Readonly<Record<string, unknown>>;
  /** Options that make another `kms-lab` line reach the same place, each word by itself. */
  followUp?: readonly string[];
  /** Aborted by Ctrl-C: the call in flight ends, no further one starts. */
  signal?: AbortSignal;
  /** Time (milliseconds since 1970), for specs that do not wait. */
  time?: { now(): number; sleep(ms: number, signal?: AbortSignal): Promise<void> };
  /** How long a change may take to show, in milliseconds; what KMS documents on AWS, unless given. */
  deadlineMs?: number;
  /** Told everything, as it happens. */
  emit(event: LabEvent): void;
}

/** How a lab ended; `error` when it could not go on for a reason that is not a claim. */
export interface LabResult {
  end: LabEnd;
  error?: LabError;
  /** The person who was guided has ended the run: no further lab is to start. */
  over?: true;
}

/** Run a lab's steps in order against a KMS. Never throws for what AWS, the network or a lab does: see `LabResult`. */
export async function runLab(lab: Lab, options: RunOptions): Promise<LabResult> {
  const run = new LabRun(lab, options);
  await run.start();
  return run.result();
}

class LabRun {
  private readonly started = performance.now();
  private readonly known: Record<string, unknown> = {};
  private readonly tally = new Tally();
  private readonly tell: Teller;
  private readonly course: Course;
  private begun = ''; // the last step that was, as messages name it: "1.2 Encrypt a file"
  private files: string | undefined;
  private error: LabError | undefined;

  constructor(
    private readonly lab: Lab,
    private readonly options: RunOptions,
  ) {
    const { emit, guide, until, time } = options;
    this.tell = new Teller(lab.id, this.tally, emit);
    const onStop = (line?: string) => this.tell.stopped(line);
    this.course = new Course({ guide, until, onStop, ...(time && { now: time.now }) });
  }

  /** Milliseconds since the program began, without those in which a person was asked. */
  private get now(): number {
    return performance.now() - this.course.heldMs;
  }

  async start(): Promise<void> {
    const { lab, options } = this;
    const { number, title, minutes } = lab.facts;
    options.emit({ type: 'lab:start', lab: lab.id, number, title, minutes });
    const opened = await this.open();
    try {
      for (const [index, step] of lab.steps.entries()) {
        this.tell.step = lab.stepId(index);
        await this.runStep(step, index, opened?.context, () => opened?.client.takeLines() ?? []);
      }
      this.files = opened?.context.files.folder;
    } finally {
      opened?.client.close();
    }
    // Ctrl-C during the very last call was heard, too.
    this.error ??= interruption(this.options.signal, this.begun);
  }

  /** Without a context every step is skipped, and the error says why. */
  private async open(): Promise<{ client: KmsClients; context: StepContext } | undefined> {
    const { lab, options } = this;
    try {
      this.known.options = lab.valuesOf(options.options ?? {}, options.place);
      const { heard } = this.tell;
      const heldMs = () => this.course.heldMs;
      const client = await openKms({
        ...{ connection: options.connection, ownership: options.ownership, heldMs },
        ...{ onCall: heard.onCall, onWait: heard.onWait },
        ...(options.guide && { beforeCall: (line: string) => this.course.call(line) }),
        ...options.time,
        ...(options.retelling && { retelling: options.retelling }),
        ...(options.signal && { signal: options.signal }),
      });
      return { client, context: contextFor(lab.id, { ...options, heldMs }, client, this.known, heard) };
    } catch (error) {
      this.error = classify(error);
      return undefined;
    }
  }

  private async runStep(
    step: Step,
    index: number,
    context: StepContext | undefined,
    takeLines: () => string[],
  ): Promise<void> {
    const { lab, options, tell, course } = this;
    tell.stepFailed = false;
    const at = { lab: lab.id, step: tell.step };
    const { title, why } = step;
    const started = this.now;
    const end = (outcome: StepEnd['outcome'], reason?: string) => {
      this.tally.step(outcome);
      const durationMs = this.now - started;
      options.emit({ type: 'step:end', ...at, title, outcome, durationMs, ...(reason && { reason }) });
    };
    this.error ??= interruption(this.options.signal, this.begun);
    if (this.error || !context) return end('skipped');
    const reason = course.notBegun(index);
    if (reason) return end('skipped', reason);
    this.begun = `${tell.step} ${title}`;
    options.emit({ type: 'step:start', ...at, title, why });
    let undone: [outcome: 'skipped' | 'not offered', reason?: string] | undefined;
    try {
      if (await course.enter({ step: tell.step, title, why })) {
        const learned = await step.run(context);
        // What a failed step returned is not to be relied on: steps that ask for it are skipped.
        if (!tell.stepFailed && !course.declined) Object.assign(this.known, learned);
      }
    } catch (error) {
      undone = tell.stepFailed ? undefined : this.undone(error, step);
      if (!undone && !course.declined) this.broke(error, title);
    }
    if (course.declined && !tell.stepFailed)
      undone = ['skipped', course.over ? 'you ended the run here' : 'you left it out'];
    for (const line of takeLines()) options.emit({ type: 'command', ...at, line });
    if (undone) return end(...undone);
    end(tell.stepFailed ? 'failed' : 'passed');
  }

  /** Whether a step that threw was only not done: because of an earlier one, or because the target does not offer it. */
  private undone(error: unknown, step: Step): ['skipped' | 'not offered', string?] | undefined {
    const reason = whyNotOffered(error);
    if (step.optional && reason !== undefined) return ['not offered', reason];
    if (!(error instanceof Unprovided)) return undefined;
    if (this.tally.steps.failed > 0) return ['skipped'];
    if (this.course.skipped > 0) return ['skipped', 'it needs a step that you left out'];
    return step.optional ? ['not offered', 'it needs an earlier step that is not offered'] : undefined;
  }

  /** A step threw. What the service answered, or its own code refused, fails it as a claim; anything else ends the lab. */
  private broke(error: unknown, title: string): void {
    const { kind, message, hint } = classify(error);
    const claim = this.tell.unanswered.claim(error, this.options.place.kind);
    if (claim) {
      this.tell.claimed(claim);
    } else {
      const way = wayOut(kind, hint, this.options);
      this.tell.stepFailed = true;
      this.error = new LabError(kind, `${this.tell.step} ${title}: ${message}`, { hint: way, cause: error });
    }
  }

  result(): LabResult {
    const { lab, error, tally, files } = this;
    const end: LabEnd = {
      type: 'lab:end',
      lab: lab.id,
      number: lab.facts.number,
      title: lab.facts.title,
      outcome: tally.failed || error ? 'failed' : 'passed',
      ...tally.sums,
      durationMs: this.now - this.started,
      ...(files && { files }),
      ...(error && { error: { kind: error.kind, message: error.message, hint: error.hint } }),
    };
    this.options.emit(end);
    return { end, ...(error && { error }), ...(this.course.over && { over: true as const }) };
  }
}
