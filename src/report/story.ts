import type { ClaimEvent, LabEnd, LabEvent, RunStart, StepEnd } from '../lab/events.js';

/** A step with what went wrong in it. */
export interface Failure {
  step: { lab: string; step: string; title: string };
  claims: ClaimEvent[];
}

/** What a summary needs of the events so far. */
export class Story {
  start: RunStart | undefined;
  readonly labs: LabEnd[] = [];
  readonly failures: Failure[] = [];
  /** A line for the AWS CLI was shown. */
  hasCommands = false;
  private readonly steps: StepEnd[] = [];
  private current: Failure['step'] | undefined;

  add(event: LabEvent): void {
    if (event.type === 'run:start') this.start = event;
    else if (event.type === 'step:start') this.current = event;
    else if (event.type === 'claim' && event.outcome === 'failed') this.fail(event);
    else if (event.type === 'command') this.hasCommands = true;
    else if (event.type === 'step:end') this.steps.push(event);
    else if (event.type === 'lab:end') this.labs.push(event);
  }

  get kind() {
    return this.start?.place.kind ?? 'endpoint';
  }

  /** One lab was asked for: its outcome is the run's. */
  get single(): boolean {
    return (this.start?.labs.length ?? 1) === 1;
  }

  /** Numbers of the steps of a lab that ended so: "1.6". */
  stepsOf(lab: string, outcome: StepEnd['outcome']): string[] {
    return this.steps.filter((step) => step.lab === lab && step.outcome === outcome).map(({ step }) => step);
  }

  private fail(claim: ClaimEvent): void {
    const { lab, step } = claim;
    const known = this.failures.find((failure) => failure.step.lab === lab && failure.step.step === step);
    if (known) known.claims.push(claim);
    else this.failures.push({ step: { lab, step, title: this.current?.title ?? '' }, claims: [claim] });
  }
}
