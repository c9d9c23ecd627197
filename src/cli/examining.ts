import { type Kind, kinds, LabError } from '../errors.js';
import { doctorScreen } from '../report/doctor.js';
import { jsonLine } from '../report/json.js';
import { resolveTarget } from '../target/target.js';
import { progressOf } from './cleanup-output.js';
import { type Finding, type Patient, warning } from './doctor/check.js';
import { credentialsFinding, identityFinding, regionFinding } from './doctor/credentials.js';
import { nodeFinding, toolFindings } from './doctor/machine.js';
import { permissionsFinding } from './doctor/permissions.js';
import { clockFinding, keysFinding, surveyOf } from './doctor/service.js';
import type { DoctorOptions } from './doctor.js';
import { gravest } from './gravest.js';
import { onInterrupt } from './interrupt.js';
import { stdoutScreen } from './screen.js';

/** Look at everything that a lab needs and say how it is. Changes nothing. */
export async function examine(options: DoctorOptions): Promise<number> {
  const target = await resolveTarget(options, process.env);
  const interrupt = onInterrupt('nothing was changed: run it again');
  const progress = progressOf(options);
  const { region, profile } = options;
  const patient: Patient = {
    target,
    env: process.env,
    options: { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) },
    now: Date.now,
    signal: interrupt.signal,
  };
  const tell = outputOf(options);
  const findings: Finding[] = [];
  try {
    const since = performance.now();
    for await (const finding of examination(patient, (what) => progress.show(what, performance.now() - since))) {
      progress.hide();
      findings.push(finding);
      if (!options.quiet || finding.outcome !== 'passed') tell.finding(finding);
    }
    return conclude(findings, tell);
  } finally {
    progress.hide();
    interrupt.done();
    await target.close();
  }
}

function outputOf(options: DoctorOptions) {
  if (!options.json) return doctorScreen(stdoutScreen(options.color));
  const write = (event: object) => void process.stdout.write(`${jsonLine(event)}\n`);
  return {
    finding: ({ kind: _kind, ...finding }: Finding) => write({ type: 'doctor:check', ...finding }),
    end: (end: object) => write({ type: 'doctor:end', ...end }),
  };
}

async function* examination(patient: Patient, awaiting: (what: string) => void): AsyncGenerator<Finding> {
  yield nodeFinding(process.versions.node);
  awaiting('credentials');
  const credentials = await credentialsFinding(patient);
  yield credentials;
  yield await regionFinding(patient);
  if (credentials.outcome === 'failed') {
    const untested = 'not tested: that needs credentials';
    for (const check of ['identity', 'clock', 'keys', 'permissions'])
      yield warning(check, untested, 'get credentials first');
  } else {
    awaiting('STS');
    const identity = await identityFinding(patient);
    yield identity;
    awaiting('KMS');
    yield await clockFinding(patient);
    yield* keysAndPermissions(patient, identity);
  }
  awaiting('other programs');
  yield* await toolFindings(patient.env);
}

async function* keysAndPermissions(patient: Patient, identity: Finding): AsyncGenerator<Finding> {
  if (identity.outcome === 'failed') {
    for (const check of ['keys', 'permissions'])
      yield warning(check, 'not tested: that needs an identity', 'see above');
    return;
  }
  const { arn } = await patient.target.identity();
  const survey = await surveyOf(patient, arn).catch((error: unknown) => ({ error }));
  yield keysFinding(patient, survey);
  if ('error' in survey) yield warning('permissions', 'not tested: the keys could not be listed', 'see above');
  else yield await permissionsFinding(patient, survey, arn);
}

function conclude(findings: readonly Finding[], tell: ReturnType<typeof outputOf>): number {
  const number = (outcome: Finding['outcome']) => findings.filter((each) => each.outcome === outcome).length;
  const errors = findings.flatMap(({ kind, text }: { kind?: Kind; text: string }) =>
    kind ? [new LabError(kind, text)] : [],
  );
  const worst = gravest(errors);
  const exitCode = worst ? kinds[worst.kind].exit : 0;
  tell.end({
    outcome: exitCode === 0 ? 'passed' : 'failed',
    exitCode,
    passed: number('passed'),
    warnings: number('warning'),
    failed: number('failed'),
  });
  return exitCode;
}
