import { classify, LabError } from '../errors.js';
import { openKms } from '../kms/clients.js';
import type { CallRecord, Connection, Ownership } from '../kms/connection.js';
import type { StepContext } from './context.js';
import type { Lab } from './define.js';
import type { KeySummary, LabEnd, LabEvent, Outcome, StepEnd } from './events.js';
import { labFiles } from './files.js';
import { type LabKey, owner } from './own.js';
import { isAnswer, verifier } from './verify.js';

export interface RunOptions {
  connection: Connection;
  region: string;
  ownership: Ownership;
  fresh: boolean;
  /** The learner's files go below it. */
  cwd: string;
  /** Aborted by Ctrl-C: the call in flight ends, no further one starts. */
  signal?: AbortSignal;
  /** Told everything, as it happens. */
  emit(event: LabEvent): void;
}

/** How a lab ended; `error` when it could not go on for a reason that is not a claim. */
export interface LabResult {
  end: LabEnd;
  error?: LabError;
}

/** A step asked for a value that an earlier step failed to provide. */
class Unprovided extends Error {}

/** Run a lab's steps in order against a KMS. Never throws for what AWS, the network or a lab does: see `LabResult`. */
export async function runLab(lab: Lab, options: RunOptions): Promise<LabResult> {
  const run = new LabRun(lab, options);
  await run.start();
  return run.result();
}

class LabRun {
  private readonly started = performance.now();
  private readonly keys: LabKey[] = [];
  private readonly older: KeySummary[] = [];
  private readonly learned: Record<string, unknown> = {};
  private readonly steps = { passed: 0, failed: 0, skipped: 0, notOffered: 0 };
  private readonly claims = { passed: 0, failed: 0 };
  private calls = 0;
  private step = '';
  private stepFailed = false;
  private files: string | undefined;
  private error: LabError | undefined;

  constructor(
    private readonly lab: Lab,
    private readonly options: RunOptions,
  ) {}

  async start(): Promise<void> {
    const { lab, options } = this;
    const { id, facts } = lab;
    options.emit({ type: 'lab:start', lab: id, number: facts.number, title: facts.title, minutes: facts.minutes });
    const client = await openKms({
      connection: options.connection,
      ownership: options.ownership,
      onCall: (call) => this.called(call),
      onWait: (what, elapsedMs) => options.emit({ type: 'wait', lab: id, step: this.step, what, elapsedMs }),
      ...(options.signal && { signal: options.signal }),
    });
    try {
      const files = labFiles(id, { cwd: options.cwd, registry: client.files });
      const context = this.context(client.in(options.region), files);
      for (const index of lab.steps.keys()) await this.runStep(index, context, () => client.takeLines());
      this.files = files.folder;
    } finally {
      client.close();
    }
  }

  private context(kms: StepContext['kms'], files: StepContext['files']): StepContext {
    const { lab, options } = this;
    const note = (text: string) => options.emit({ type: 'note', lab: lab.id, step: this.step, text });
    const own = owner({
      kms,
      region: options.region,
      ownership: options.ownership,
      fresh: options.fresh,
      note,
      onKey: (key) => this.keys.push(key),
      onOlder: (key) => this.older.push(key),
    });
    const verify = verifier(({ passed, ...claim }) => this.claimed(passed, claim));
    const base: StepContext = { kms, files, own, verify, note };
    return new Proxy(base, {
      get: (target, name) => {
        if (name in target) return target[name as keyof StepContext];
        if (typeof name === 'string' && name in this.learned) return this.learned[name];
        throw new Unprovided(String(name));
      },
    });
  }

  private claimed(passed: boolean, claim: { claim: string; detail?: string; expected?: string; got?: string }): void {
    const outcome: Outcome = passed ? 'passed' : 'failed';
    this.claims[outcome]++;
    if (!passed) this.stepFailed = true;
    this.options.emit({ type: 'claim', lab: this.lab.id, step: this.step, ...claim, outcome });
  }

  private called(call: CallRecord): void {
    this.calls++;
    this.options.emit({ type: 'call', lab: this.lab.id, step: this.step, ...call });
  }

  private async runStep(index: number, context: StepContext, takeLines: () => string[]): Promise<void> {
    const { lab, options } = this;
    const step = lab.steps[index];
    if (!step) return;
    this.step = lab.stepId(index);
    this.stepFailed = false;
    const at = { lab: lab.id, step: this.step };
    const started = performance.now();
    const end = (outcome: StepEnd['outcome']) => {
      this.steps[outcome === 'not offered' ? 'notOffered' : outcome]++;
      options.emit({ type: 'step:end', ...at, title: step.title, outcome, durationMs: performance.now() - started });
    };
    this.error ??= this.interruption();
    if (this.error) return end('skipped');
    options.emit({ type: 'step:start', ...at, title: step.title, why: step.why });
    try {
      const learned = await step.run(context);
      // What a failed step returned is not to be relied on: steps that ask for it are skipped.
      if (!this.stepFailed) Object.assign(this.learned, learned);
    } catch (error) {
      if (error instanceof Unprovided && !this.stepFailed) return end('skipped');
      this.broke(error, step.title);
    }
    for (const line of takeLines()) options.emit({ type: 'command', ...at, line });
    end(this.stepFailed ? 'failed' : 'passed');
  }

  /** After Ctrl-C no further step starts, one without calls neither. */
  private interruption(): LabError | undefined {
    const { signal } = this.options;
    if (!signal?.aborted) return undefined;
    return signal.reason instanceof LabError ? signal.reason : new LabError('interrupted', 'interrupted');
  }

  /** A step threw. What the service answered fails the step as a claim; anything else ends the lab. */
  private broke(error: unknown, title: string): void {
    const kind = classify(error).kind;
    if (isAnswer(error) && kind === 'bug') {
      const { name, message } = error as Error;
      this.claimed(false, {
        claim: 'KMS answers every call of this step',
        expected: 'an answer',
        got: `${name}: ${message}`,
      });
      return;
    }
    this.stepFailed = true;
    const { message, hint } = classify(error);
    this.error = new LabError(kind, `${this.step} ${title}: ${message}`, { hint, cause: error });
  }

  result(): LabResult {
    const { lab, error } = this;
    const outcome = this.claims.failed > 0 || this.steps.failed > 0 || error ? 'failed' : 'passed';
    const end: LabEnd = {
      type: 'lab:end',
      lab: lab.id,
      number: lab.facts.number,
      title: lab.facts.title,
      outcome,
      steps: this.steps,
      claims: this.claims,
      calls: this.calls,
      durationMs: performance.now() - this.started,
      keys: this.keys,
      older: this.older,
      ...(this.files && { files: this.files }),
    };
    this.options.emit(end);
    return { end, ...(error && { error }) };
  }
}
