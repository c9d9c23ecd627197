import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { labs } from '../../labs/index.js';
import multiRegion from '../../labs/multi-region/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import { apply } from '../../src/cleanup/apply.js';
import { prepare } from '../../src/cleanup/prepare.js';
import type { Patient } from '../../src/cli/doctor/check.js';
import { identityFinding } from '../../src/cli/doctor/credentials.js';
import { permissionsFinding } from '../../src/cli/doctor/permissions.js';
import { clockFinding, keysFinding, surveyOf } from '../../src/cli/doctor/service.js';
import type { Lab } from '../../src/lab/define.js';
import { runLab } from '../../src/lab/run.js';
import { askIdentity } from '../../src/target/identity.js';
import { ann, region, unhurried } from '../lab/room.js';
import type { Act, Scene } from './stage.js';

/** What has permissions of its own, and all that it does with them, one act after another in the same world. */
export interface Script {
  what: string;
  namespace: string;
  /** What is there when it begins. */
  before: readonly Act[];
  acts: readonly Act[];
}

export const account = '111122223333';

/** A lab that was never run, and the lab again with a new key: then its alias is there, and is moved. */
export const scriptOf = (lab: Lab, namespace = 'default'): Script => ({
  what: lab.id,
  namespace,
  before: [],
  acts: [running(lab, namespace), running(lab, namespace)],
});

const [symmetricAndMultiRegion, everyLab] = [[symmetric, multiRegion], labs];

/** Cleanup of what these labs made, `--undo`, which gives back every key and its alias, and cleanup once more. */
export const cleanup = (namespace = 'default', of: readonly Lab[] = symmetricAndMultiRegion): Script => ({
  what: 'cleanup',
  namespace,
  before: of.map((lab) => running(lab, namespace)),
  acts: [cleaning('remove'), cleaning('undo'), cleaning('remove')],
});

export const doctor = (namespace = 'default'): Script => ({
  what: 'doctor',
  namespace,
  before: symmetricAndMultiRegion.map((lab) => running(lab, namespace)),
  acts: [examining],
});

/** Everything that has permissions; cleanup meets what every lab made. */
export const scripts = (): Script[] => [...labs.map((lab) => scriptOf(lab)), cleanup('default', everyLab), doctor()];

/** Lab 5 has a sample of 64 MiB unless it is given a file. */
function optionsOf(lab: Lab, cwd: string): Record<string, unknown> {
  if (lab.id !== 'envelope') return {};
  const file = join(cwd, 'small.txt');
  writeFileSync(file, 'nothing to see, but to be kept from others\n'.repeat(100));
  return { file };
}

/** Run a lab as on AWS, where nothing is simulated. */
export const running =
  (lab: Lab, namespace: string): Act =>
  async ({ emulator, connection, cwd }) => {
    const { end, error } = await runLab(lab, {
      connection,
      place: { kind: 'local', label: 'embedded KMS', region, account, identity: ann },
      time: unhurried((ms) => emulator.advance(ms)),
      ownership: { lab: lab.id, namespace, run: 'a-run', owner: ann },
      fresh: true,
      cwd,
      options: optionsOf(lab, cwd),
      emit: () => {},
    });
    return end.outcome === 'passed' ? undefined : (error?.message ?? 'a claim failed');
  };

const cleaning =
  (action: 'remove' | 'undo'): Act =>
  async ({ emulator, connection }) => {
    let slept = 0;
    const time = {
      now: () => Date.now() + slept,
      sleep: async (ms: number) => {
        slept += ms;
        emulator.advance(ms);
      },
    };
    const access = { account, identity: ann, connection };
    const regions = [region, 'us-west-2'];
    const prepared = await prepare(access, { regions, filter: { owner: ann }, action, time, share: 1 }).catch(
      (error: Error) => error,
    );
    if (prepared instanceof Error) return prepared.message;
    try {
      const { done, failed } = await apply(prepared.plan, { kms: prepared.clients.kms, time });
      const [left] = [
        ...failed.map(({ message }) => message),
        ...prepared.sweep.unreadable.map(({ reason }) => reason),
      ];
      return left ?? (done.length === 0 ? 'nothing was found' : undefined);
    } finally {
      prepared.clients.close();
    }
  };

/** All that doctor asks AWS. What the caller may do with keys it finds out, and says: that needs no permission. */
const examining: Act = async ({ connection }: Scene) => {
  const identity = () => askIdentity({ kind: 'aws', label: 'AWS', region, connection, close: async () => {} });
  const patient: Patient = {
    target: { kind: 'aws', label: 'AWS', region, partition: 'aws', connection, identity, close: async () => {} },
    env: {},
    options: {},
    now: Date.now,
    signal: new AbortController().signal,
  };
  const survey = await surveyOf(patient, ann).catch((error: unknown) => ({ error }));
  await clockFinding(patient);
  const findings = [await identityFinding(patient), keysFinding(patient, survey)];
  if (!('error' in survey)) findings.push(await permissionsFinding(patient, survey, ann));
  return findings.find(({ outcome, text }) => outcome === 'failed' || text.startsWith('not tested'))?.text;
};
