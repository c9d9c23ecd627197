import type {
  CallEvent,
  ClaimEvent,
  LabEnd,
  LabEvent,
  LabStart,
  NoteEvent,
  RunEnd,
  RunStart,
  StepEnd,
  StepStart,
} from '../lab/events.js';

/** All that was told about one step. */
export interface StepRecord {
  step: string;
  title: string;
  /** Empty for a step that never began. */
  why: string;
  /** Missing while the step runs, and for ever when the run broke off in it. */
  outcome?: StepEnd['outcome'];
  /** Why it was not done, where that was told. */
  reason?: string;
  durationMs: number;
  claims: ClaimEvent[];
  notes: string[];
  /** In characters, line by line: what one of the notes says. */
  pictures: (readonly string[])[];
  /** Lines for the AWS CLI. */
  commands: string[];
  calls: CallEvent[];
}

export interface LabRecord {
  lab: string;
  number: number;
  title: string;
  steps: StepRecord[];
  /** What was said about the lab and not about a step of it. */
  notes: string[];
  end?: LabEnd;
}

/** A run that ended, for formats that need totals first. */
export interface RunRecord {
  start: RunStart;
  end: RunEnd;
  labs: LabRecord[];
}

/** The calls `done` once, when the run has ended. A run that breaks off before has no record. */
export function recorder(done: (record: RunRecord) => void): (event: LabEvent) => void {
  const recording = new Recording();
  return (event) => {
    recording.add(event);
    if (event.type === 'run:end' && recording.start) done({ start: recording.start, end: event, labs: recording.labs });
  };
}

class Recording {
  start: RunStart | undefined;
  readonly labs: LabRecord[] = [];

  add(event: LabEvent): void {
    if (event.type === 'run:start') this.start = event;
    else if (event.type === 'lab:start') this.labs.push(labRecord(event));
    else if (event.type === 'lab:end') this.lab(event).end = event;
    else if (event.type === 'step:start') this.lab(event).steps.push(stepRecord(event, event.why));
    else if (event.type === 'step:end') this.stepEnd(event);
    else if (event.type === 'claim') this.step(event).claims.push(event);
    else if (event.type === 'call') this.step(event).calls.push(event);
    else if (event.type === 'command') this.step(event).commands.push(event.line);
    else if (event.type === 'note') this.note(event);
  }

  private note({ lab, step, text, picture }: NoteEvent): void {
    if (step === undefined) this.lab({ lab }).notes.push(text);
    else {
      this.step({ lab, step }).notes.push(text);
      if (picture) this.step({ lab, step }).pictures.push(picture);
    }
  }

  private stepEnd(event: StepEnd): void {
    const { title, outcome, reason, durationMs } = event;
    Object.assign(this.step(event), { title, outcome, durationMs, ...(reason !== undefined && { reason }) });
  }

  private lab({ lab }: { lab: string }): LabRecord {
    return (
      this.labs.findLast((each) => each.lab === lab) ??
      this.keep(this.labs, { lab, number: 0, title: lab, steps: [], notes: [] })
    );
  }

  private step(at: { lab: string; step: string }): StepRecord {
    const { steps } = this.lab(at);
    return steps.find(({ step }) => step === at.step) ?? this.keep(steps, stepRecord({ step: at.step, title: '' }, ''));
  }

  private keep<Item>(list: Item[], item: Item): Item {
    list.push(item);
    return item;
  }
}

const labRecord = ({ lab, number, title }: LabStart): LabRecord => ({ lab, number, title, steps: [], notes: [] });

const stepRecord = ({ step, title }: Pick<StepStart, 'step' | 'title'>, why: string): StepRecord => ({
  step,
  title,
  why,
  durationMs: 0,
  claims: [],
  notes: [],
  pictures: [],
  commands: [],
  calls: [],
});

/** The claims of a step that failed. */
export const failedClaims = (step: StepRecord): ClaimEvent[] =>
  step.claims.filter(({ outcome }) => outcome === 'failed');

/** Why a step was not done, in words; undefined for a step that was. */
export function whyUndone({ outcome, reason }: Pick<StepRecord, 'outcome' | 'reason'>): string | undefined {
  if (outcome === 'skipped') return reason ?? 'it needs a step that did not succeed';
  return outcome === 'not offered' ? 'this target does not offer it' : undefined;
}
