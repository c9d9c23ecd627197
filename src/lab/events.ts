/** What a run says about itself: plain data, in order. Reporters and `--json` see nothing else. */
export type LabEvent =
  | RunStart
  | LabStart
  | StepStart
  | CallEvent
  | CommandEvent
  | ClaimEvent
  | NoteEvent
  | WaitEvent
  | StopEvent
  | StepEnd
  | LabEnd
  | RunEnd;

export type Outcome = 'passed' | 'failed';

/** What a lab or a run could not go on for: no claim that failed, but something a person can see to. */
export interface Stopped {
  /** One of the kinds of `src/errors.ts`; it decides the exit code. */
  kind: string;
  message: string;
  hint: string;
}

/** Where a run sends its requests, and as whom. */
export interface Place {
  /** `aws`: real AWS · `local`: the embedded KMS · `endpoint`: any compatible server. */
  kind: 'aws' | 'local' | 'endpoint';
  /** For people: "AWS", "embedded KMS", or the URL. */
  label: string;
  region: string;
  /** 12 digits, or "unknown" where the server has no STS. */
  account: string;
  /** The caller's ARN, or "unknown". */
  identity: string;
}

export interface RunStart {
  type: 'run:start';
  run: string;
  namespace: string;
  time: string;
  place: Place;
  /** In the order in which they run, with what each makes on its first run and what that costs while it exists. */
  labs: { lab: string; number: number; title: string; keys: number; monthlyUsd: number }[];
}

export interface LabStart {
  type: 'lab:start';
  lab: string;
  number: number;
  title: string;
  minutes: number;
}

export interface StepStart {
  type: 'step:start';
  lab: string;
  /** "1.2": lab number and position. */
  step: string;
  title: string;
  why: string;
}

/** One API call, as it ended. Bytes and grant tokens are a size and a SHA-256; passwords are gone. */
export interface CallEvent {
  type: 'call';
  lab: string;
  step: string;
  service: 'kms' | 'sts' | 'cloudtrail';
  operation: string;
  region: string;
  input: unknown;
  durationMs: number;
  requestId?: string;
  /** "ok", or the name of the exception. */
  outcome: string;
  /** The call went to a throw-away copy of the world: what it made does not exist, and there is no CLI line for it. */
  simulated?: true;
}

/**
 * A call of this step as a line for the AWS CLI (bash), or what it did on the learner's machine instead; told at the end of the
 * step, when its files are written.
 */
export interface CommandEvent {
  type: 'command';
  lab: string;
  step: string;
  /** It reaches this run's target and no other. A line that AWS refused on purpose ends in a comment that says so. */
  line: string;
}

/** A statement that was checked. */
export interface ClaimEvent {
  type: 'claim';
  lab: string;
  step: string;
  claim: string;
  outcome: Outcome;
  /** Shown beside the claim: the exception's name, a size. */
  detail?: string;
  expected?: string;
  got?: string;
}

/** Something worth knowing that is not a claim: sizes, what was reused, an older key that still costs. */
export interface NoteEvent {
  type: 'note';
  lab: string;
  step?: string;
  text: string;
  /** The same in characters, line by line, for where they are all as wide; the text says it without. */
  picture?: readonly string[];
}

/** Something is being waited for; sent again as time goes by. */
export interface WaitEvent {
  type: 'wait';
  lab: string;
  step: string;
  what: string;
  elapsedMs: number;
}

/** A guided run waits for the person, before a step or before a call. */
export interface StopEvent {
  type: 'stop';
  lab: string;
  step: string;
  /** The call that is about to be made, as a line for the AWS CLI. */
  line?: string;
}

export interface StepEnd {
  type: 'step:end';
  lab: string;
  step: string;
  title: string;
  outcome: Outcome | 'skipped' | 'not offered';
  /** Why it was not done: the server's answer, what the target lacks, or what a person said. */
  reason?: string;
  durationMs: number;
}

/** A key as a summary names it. */
export interface KeySummary {
  keyId: string;
  region: string;
  alias?: string;
  monthlyUsd: number;
}

export interface LabEnd {
  type: 'lab:end';
  lab: string;
  number: number;
  title: string;
  outcome: Outcome;
  steps: { passed: number; failed: number; skipped: number; notOffered: number };
  claims: { passed: number; failed: number };
  calls: number;
  durationMs: number;
  /** Keys that exist now because of this lab: made or reused. */
  keys: (KeySummary & { made: boolean })[];
  /** Keys of earlier runs that the lab's alias no longer names, and which still cost money. */
  older: KeySummary[];
  /** The folder with the learner's files, when the lab wrote any. */
  files?: string;
  error?: Stopped;
}

export interface RunEnd {
  type: 'run:end';
  run: string;
  outcome: Outcome;
  exitCode: number;
  steps: number;
  claims: { passed: number; failed: number };
  calls: number;
  durationMs: number;
  /** What `--cleanup` did, when it was asked for. */
  cleanup?: { scheduled: KeySummary[]; kept: KeySummary[]; failed: KeySummary[] };
  /** Of several errors the gravest. */
  error?: Stopped;
}
