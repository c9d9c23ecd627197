import { classify, type LabError } from '../errors.js';
import type { Connection } from '../kms/connection.js';
import { openReadOnly, type ReadOnlyClients } from '../kms/read-only.js';
import { behind } from './alias.js';
import { type CheckContext, NotGraded, type StepCheck, Waiting } from './check.js';
import type { CheckEvent, CheckLabEnd, CheckStep, Finding, Grades } from './check-events.js';
import type { Lab } from './define.js';
import type { Place } from './events.js';
import { gradingOf } from './grading.js';
import { handFiles } from './hand-files.js';
import { isAnswer } from './judge.js';
import { aliasName, type OwnKey } from './own.js';

export interface CheckOptions {
  connection: Connection;
  place: Place;
  namespace: string;
  /** The learner's files are below it. */
  cwd: string;
  /** Aborted when the time is up, or by Ctrl-C: the check ends at once, also in a call that nobody answers. */
  signal: AbortSignal;
  emit(event: CheckEvent): void;
}

/** How a lab's check ended; `error` when the account could not be read to the end. */
export interface CheckResult {
  end: CheckLabEnd;
  error?: LabError;
}

/** Grade a lab's steps by what is there now. Changes nothing, neither in the account nor on the disk. */
export async function checkLab(lab: Lab, options: CheckOptions): Promise<CheckResult> {
  const { emit, connection, signal } = options;
  emit({ type: 'check:lab', lab: lab.id, number: lab.facts.number, title: lab.facts.title });
  const clients = await openReadOnly(connection, signal);
  const keys = lookedUpOnce(clients, options.namespace);
  const steps: CheckStep[] = [];
  try {
    for (const [at, { title }] of lab.steps.entries()) {
      const step = { type: 'check:step', lab: lab.id, step: lab.stepId(at), title } as const;
      const graded = { ...step, ...(await gradeStep(lab, title, options, { clients, keys })) };
      emit(graded);
      steps.push(graded);
    }
    return { end: ended(lab, steps, emit) };
  } catch (error) {
    return { end: ended(lab, steps, emit, true), error: classify(error) };
  } finally {
    clients.close();
  }
}

type Graded = Pick<CheckStep, 'grade' | 'findings' | 'reason'>;

/** The key that an alias of the lab's leads to in a Region, if any. */
type LookUp = (name: string, region: string) => Promise<OwnKey | undefined>;

/** Most steps ask for the same key, and a check has little time: each is described once. */
function lookedUpOnce(clients: ReadOnlyClients, namespace: string): LookUp {
  const seen = new Map<string, ReturnType<LookUp>>();
  return (name, region) => {
    const at = `${region} ${name}`;
    const found = seen.get(at) ?? behind(clients.in(region), aliasName(namespace, name));
    seen.set(at, found);
    return found;
  };
}

interface Access {
  clients: ReadOnlyClients;
  keys: LookUp;
}

/** @throws what is no answer of KMS: nobody is there, the time is up, no credentials. */
async function gradeStep(lab: Lab, title: string, options: CheckOptions, access: Access): Promise<Graded> {
  const findings: Finding[] = [];
  const check: StepCheck | undefined = lab.checks[title];
  if (!check) return { grade: 'not graded', findings, reason: 'this lab does not say how' };
  const missing = () => findings.some(({ found }) => !found);
  try {
    await check(contextOf(lab, options, access, (finding) => findings.push(finding)));
    return { grade: missing() ? 'missing' : 'done', findings };
  } catch (error) {
    const ofTheStep = isAnswer(error) || error instanceof NotGraded || error instanceof Waiting;
    if (ofTheStep && missing()) return { grade: 'missing', findings };
    if (error instanceof NotGraded) return { grade: 'not graded', findings, reason: error.message };
    if (error instanceof Waiting) return { grade: 'waiting', findings, reason: error.message };
    const { kind, message, hint } = classify(error);
    if (!isAnswer(error) || (kind !== 'denied' && kind !== 'bug')) throw error;
    const what = 'KMS answers what this step is graded by';
    const said = kind === 'denied' ? `${message}; ${hint}` : `KMS says ${(error as Error).name}: ${message}`;
    return { grade: 'missing', findings: [...findings, { what, found: false, hint: said }] };
  }
}

function contextOf(
  lab: Lab,
  { place, namespace, cwd, signal }: CheckOptions,
  { clients, keys }: Access,
  tell: (finding: Finding) => void,
): CheckContext {
  const alias = (name: string) => aliasName(namespace, name);
  const files = handFiles(lab.id, cwd);
  const { region } = place;
  return {
    kms: clients.in(region),
    kmsIn: clients.in,
    place,
    alias,
    async key(name, at = region) {
      const key = await keys(name, at);
      if (!key) throw new Waiting(`${alias(name)}${at === region ? '' : ` in ${at}`} leads to no key`);
      return { ...key, name: alias(name) };
    },
    has: async (name) => (await keys(name, region)) !== undefined,
    files,
    grade: gradingOf({ lab: lab.id, kmsIn: clients.in, keys, region, alias, files, tell }),
    signal,
  };
}

/** How many steps have which grade. */
export function gradesOf(steps: readonly Pick<CheckStep, 'grade'>[]): Grades {
  const number = (grade: CheckStep['grade']) => steps.filter((step) => step.grade === grade).length;
  return {
    done: number('done'),
    missing: number('missing'),
    waiting: number('waiting'),
    notGraded: number('not graded'),
  };
}

function ended(lab: Lab, steps: readonly CheckStep[], emit: CheckOptions['emit'], broken = false): CheckLabEnd {
  const grades = gradesOf(steps);
  const failed = broken || grades.missing + grades.waiting > 0;
  const end: CheckLabEnd = {
    type: 'check:lab-end',
    lab: lab.id,
    outcome: failed ? 'failed' : 'passed',
    steps: grades,
  };
  emit(end);
  return end;
}
