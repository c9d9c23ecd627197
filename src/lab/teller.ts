import type { CallRecord } from '../kms/connection.js';
import type { Heard } from './build-context.js';
import type { LabEvent } from './events.js';
import type { Claim } from './judge.js';
import type { Tally } from './tally.js';
import { Unanswered } from './unanswered.js';

/** Makes events of what a step does, and counts it. */
export class Teller {
  /** The step under way: "1.2". */
  step = '';
  /** A claim of that step did not hold. */
  stepFailed = false;
  readonly unanswered = new Unanswered();

  constructor(
    private readonly lab: string,
    private readonly tally: Tally,
    private readonly emit: (event: LabEvent) => void,
  ) {}

  claimed({ passed, ...claim }: Claim): void {
    const outcome = passed ? 'passed' : 'failed';
    this.tally.claims[outcome]++;
    if (!passed) this.stepFailed = true;
    this.emit({ type: 'claim', ...this.at, ...claim, outcome });
  }

  called(call: CallRecord): void {
    this.tally.call(call);
    this.unanswered.called(call);
    this.emit({ type: 'call', ...this.at, ...call });
  }

  waited(what: string, elapsedMs: number): void {
    this.emit({ type: 'wait', ...this.at, what, elapsedMs });
  }

  /** A guided run stops before the step, or before the call of it that has this line. */
  stopped(line: string | undefined): void {
    this.emit({ type: 'stop', ...this.at, ...(line !== undefined && { line }) });
  }

  /** What is told of the step to whom its context reports. */
  get heard(): Heard {
    const { tally } = this;
    return {
      note: (text, picture) => this.emit({ type: 'note', ...this.at, text, ...(picture && { picture }) }),
      onKey: (key) => tally.keys.push(key),
      onOlder: (key) => tally.older.push(key),
      onWait: (what, elapsedMs) => this.waited(what, elapsedMs),
      onCall: (call) => this.called(call),
      claimed: (claim) => this.claimed(claim),
    };
  }

  private get at() {
    return { lab: this.lab, step: this.step };
  }
}
