import type { ClaimEvent, LabEnd, LabEvent, Place, RunEnd } from '../../src/lab/events.js';
import type { Reporter, Screen } from '../../src/report/reporter.js';

/** Recorded runs, as the runner tells them. */
export const place: Place = {
  kind: 'local',
  label: 'embedded KMS',
  region: 'us-east-1',
  account: '111122223333',
  identity: 'arn:aws:iam::111122223333:user/lab',
};

export const keyId = '1234abcd-12ab-34cd-56ef-1234567890ab';
const lab = 'symmetric';
const title = 'Symmetric encryption';
const key = { keyId, region: 'us-east-1', alias: 'alias/kms-lab-symmetric-key', monthlyUsd: 1, made: true };

export const runStart = (at: Partial<Place> = {}): LabEvent => ({
  type: 'run:start',
  run: '20261124T101500-1a2b3c4d',
  namespace: 'default',
  time: '2026-11-24T10:15:00.000Z',
  place: { ...place, ...at },
  labs: [{ lab, number: 1, title, keys: 1, monthlyUsd: 1 }],
});

export const claim = (step: string, text: string, rest: Partial<ClaimEvent> = {}): LabEvent => ({
  type: 'claim',
  lab,
  step,
  claim: text,
  outcome: 'passed',
  ...rest,
});

export const labStart: LabEvent = { type: 'lab:start', lab, number: 1, title, minutes: 10 };

const create: LabEvent[] = [
  {
    type: 'step:start',
    lab,
    step: '1.1',
    title: 'Create a symmetric key',
    why: 'The key is made in an HSM and never leaves it. What you get is a name for it: an id, an ARN, and an alias that people can read.',
  },
  {
    type: 'call',
    lab,
    step: '1.1',
    service: 'kms',
    operation: 'CreateKey',
    region: 'us-east-1',
    input: { Description: 'kms-lab: symmetric' },
    durationMs: 4,
    outcome: 'ok',
  },
  claim('1.1', 'the key is Enabled, SYMMETRIC_DEFAULT, ENCRYPT_DECRYPT, made by AWS_KMS'),
  claim('1.1', `alias/kms-lab-symmetric-key names ${keyId}`),
  { type: 'note', lab, step: '1.1', text: 'The alias can be moved to another key; the id can not.' },
  {
    type: 'command',
    lab,
    step: '1.1',
    line: `aws kms create-alias --alias-name alias/kms-lab-symmetric-key --target-key-id ${keyId} --region us-east-1 --endpoint-url http://127.0.0.1:4599`,
  },
  { type: 'step:end', lab, step: '1.1', title: 'Create a symmetric key', outcome: 'passed', durationMs: 9 },
];

const bind = (...claims: LabEvent[]): LabEvent[] => [
  {
    type: 'step:start',
    lab,
    step: '1.5',
    title: 'Bind a ciphertext to its context',
    why: 'The context is authenticated, not stored.',
  },
  claim('1.5', 'the same context opens it, in any order'),
  ...claims,
  {
    type: 'step:end',
    lab,
    step: '1.5',
    title: 'Bind a ciphertext to its context',
    outcome: claims.some((each) => each.type === 'claim' && each.outcome === 'failed') ? 'failed' : 'passed',
    durationMs: 9,
  },
];

const labEnd: LabEnd = {
  type: 'lab:end',
  lab,
  number: 1,
  title,
  outcome: 'passed',
  steps: { passed: 2, failed: 0, skipped: 0, notOffered: 0 },
  claims: { passed: 4, failed: 0 },
  calls: 17,
  durationMs: 210,
  keys: [key],
  older: [],
  files: 'kms-lab-files/symmetric/',
};

export const runEnd: RunEnd = {
  type: 'run:end',
  run: '20261124T101500-1a2b3c4d',
  outcome: 'passed',
  exitCode: 0,
  steps: 2,
  claims: { passed: 4, failed: 0 },
  calls: 17,
  durationMs: 230,
};

const refused = { detail: 'InvalidCiphertextException' };

export const passed = (
  end: { lab?: Partial<LabEnd>; run?: Partial<RunEnd>; place?: Partial<Place> } = {},
): LabEvent[] => [
  runStart(end.place),
  labStart,
  ...create,
  ...bind(claim('1.5', 'another context is refused', refused), claim('1.5', 'no context is refused', refused)),
  { ...labEnd, ...end.lab },
  { ...runEnd, ...end.run },
];

export const failed = (): LabEvent[] => [
  runStart(),
  labStart,
  ...create,
  ...bind(
    claim('1.5', 'another context is refused', {
      outcome: 'failed',
      expected: 'InvalidCiphertextException',
      got: `an answer from ${keyId}`,
    }),
    { type: 'note', lab, step: '1.5', text: 'This endpoint does not look at the context.' },
  ),
  ...['1.6', '1.7'].map(
    (step): LabEvent => ({
      type: 'step:end',
      lab,
      step,
      title: 'Refuse what is wrong',
      outcome: 'skipped',
      durationMs: 0,
    }),
  ),
  {
    ...labEnd,
    outcome: 'failed',
    steps: { passed: 1, failed: 1, skipped: 2, notOffered: 0 },
    claims: { passed: 3, failed: 1 },
  },
  { ...runEnd, outcome: 'failed', exitCode: 1, claims: { passed: 3, failed: 1 } },
];

/** A screen that keeps what is written. */
export function paper(kind: Partial<Omit<Screen, 'write'>> = {}) {
  const written: string[] = [];
  const screen: Screen = {
    write: (text) => void written.push(text),
    isTerminal: true,
    colour: false,
    unicode: true,
    columns: 80,
    ...kind,
  };
  return {
    screen,
    tell(reporter: Reporter, events: readonly LabEvent[]): string {
      for (const event of events) reporter.on(event);
      reporter.end?.();
      return written.join('');
    },
    text: () => written.join(''),
  };
}
