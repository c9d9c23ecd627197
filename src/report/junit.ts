import type { Stopped } from '../lab/events.js';
import { isSame } from './facts.js';
import { lines, type Markup, markup } from './markup.js';
import { failedClaims, type LabRecord, type RunRecord, recorder, type StepRecord, whyUndone } from './record.js';
import type { Reporter } from './reporter.js';

/**
 * A JUnit file as Jenkins, GitLab and others read it: a suite per lab, a case per step. A run that fails for another reason than
 * a claim has an error in the case that was under way, or in a case of its own, so that the file is green only when the run is.
 */
export const junit = (write: (text: string) => void): Reporter => ({
  on: recorder((record) => write(document(record).text)),
});

interface Suite {
  name: string;
  cases: Case[];
  durationMs: number;
}

interface Case {
  name: string;
  durationMs: number;
  result: 'passed' | 'failure' | 'error' | 'skipped';
  body: Markup[];
}

function document({ start, end, labs }: RunRecord): Markup {
  const error = unclaimed(labs.some((lab) => isSame(lab.end?.error, end.error)) ? undefined : end.error);
  const suites = labs.map((lab) => labSuite(lab, error));
  const left = error.take();
  if (left) suites.push({ name: 'run', durationMs: 0, cases: [endsBadly('the run ends well', left)] });
  const cases = suites.flatMap((suite) => suite.cases);
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="kms-lab" tests="${cases.length}" failures="${number(cases, 'failure')}" errors="${number(cases, 'error')}" time="${seconds(end.durationMs)}">
${lines(suites.map((suite) => suiteElement(suite, start)))}
</testsuites>
`;
}

/** An error belongs to the first step that failed without a failed claim; to its lab or the run, when there is none. */
function unclaimed(error: Stopped | undefined) {
  let left = error;
  return {
    take(): Stopped | undefined {
      const taken = left;
      left = undefined;
      return taken;
    },
  };
}

function labSuite(lab: LabRecord, ofRun: ReturnType<typeof unclaimed>): Suite {
  const own = lab.end?.error && unclaimed(lab.end.error);
  const cases = lab.steps.map((step) => stepCase(step, own ?? ofRun));
  const left = own?.take();
  if (left) cases.push(endsBadly('the lab ends well', left));
  return { name: lab.lab, durationMs: lab.end?.durationMs ?? 0, cases };
}

function endsBadly(name: string, { kind, message, hint }: Stopped): Case {
  const body = [markup`<error type="${kind}" message="${message}">${hint}</error>`];
  return { name, durationMs: 0, result: 'error', body };
}

function stepCase(step: StepRecord, error: ReturnType<typeof unclaimed>): Case {
  const { result, body } = verdict(step, error);
  const shown = [
    ...step.claims.map(
      (claim) =>
        `${claim.outcome === 'passed' ? 'ok' : 'FAIL'}  ${claim.claim}${claim.detail ? `: ${claim.detail}` : ''}`,
    ),
    ...step.notes,
    ...step.commands.map((line) => `$ ${line}`),
  ];
  const out = shown.length > 0 ? [markup`<system-out>${lines(shown)}</system-out>`] : [];
  return { name: `${step.step} ${step.title}`, durationMs: step.durationMs, result, body: [...body, ...out] };
}

function verdict(step: StepRecord, error: ReturnType<typeof unclaimed>): Pick<Case, 'result' | 'body'> {
  const undone = whyUndone(step);
  if (undone) return { result: 'skipped', body: [markup`<skipped message="${undone}"/>`] };
  const failed = failedClaims(step);
  const [first] = failed;
  if (first) {
    const more = failed.length > 1 ? ` (and ${failed.length - 1} more)` : '';
    const told = failed.flatMap(({ claim, expected, got }) => [
      claim,
      `  expected  ${expected ?? ''}`,
      `  got       ${got ?? ''}`,
    ]);
    return {
      result: 'failure',
      body: [markup`<failure type="claim" message="${first.claim}${more}">${lines(told)}</failure>`],
    };
  }
  if (step.outcome === 'passed') return { result: 'passed', body: [] };
  const cause = error.take() ?? { kind: 'unfinished', message: 'the step did not end', hint: '' };
  return {
    result: 'error',
    body: [markup`<error type="${cause.kind}" message="${cause.message}">${cause.hint}</error>`],
  };
}

function suiteElement({ name, cases, durationMs }: Suite, { place, run, namespace, time }: RunRecord['start']): Markup {
  const properties = Object.entries({
    run,
    namespace,
    target: place.label,
    account: place.account,
    region: place.region,
    identity: place.identity,
  });
  const { length } = cases;
  return markup`  <testsuite name="${name}" package="kms-lab" tests="${length}" failures="${number(cases, 'failure')}" errors="${number(cases, 'error')}" skipped="${number(cases, 'skipped')}" time="${seconds(durationMs)}" timestamp="${time.replace(/\.\d+Z$/, '')}">
    <properties>
${lines(properties.map(([key, value]) => markup`      <property name="${key}" value="${value}"/>`))}
    </properties>
${lines(cases.map((each) => caseElement(each, name)))}
  </testsuite>`;
}

const caseElement = ({ name, durationMs, body }: Case, suite: string): Markup =>
  markup`    <testcase classname="kms-lab.${suite}" name="${name}" time="${seconds(durationMs)}">${body.map(
    (each) => markup`
      ${each}`,
  )}
    </testcase>`;

const number = (cases: readonly Case[], result: Case['result']) =>
  cases.filter((each) => each.result === result).length;

const seconds = (ms: number) => (ms / 1000).toFixed(3);
