import type { CallEvent, ClaimEvent, LabEnd, LabEvent, RunEnd, StepEnd } from '../../src/lab/events.js';
import { place } from './events.js';

/** A run of two labs, one with a multi-Region key, as the runner tells it. */
const mrk = 'mrk-1a2b3c4d5e6f47a8b9c0d1e2f3a49f0e';
const rsa = '0c9d8e7f-1122-4334-9556-77889900aabb';
const arn = `arn:aws:kms:us-east-1:111122223333:key/${mrk}`;

type Told = Omit<CallEvent, 'type' | 'lab' | 'step' | 'service'>;

const call = (operation: string, input: object, region = 'us-east-1', outcome = 'ok'): Told => ({
  operation,
  input,
  region,
  outcome,
  durationMs: 8,
});

interface Step {
  step: string;
  title: string;
  why?: string;
  outcome?: StepEnd['outcome'];
  calls?: Told[];
  claims?: [string, Partial<ClaimEvent>?][];
  notes?: string[];
  commands?: string[];
  durationMs?: number;
}

function told(lab: string, { step, title, why = '', outcome = 'passed', ...rest }: Step): LabEvent[] {
  const at = { lab, step };
  const end: LabEvent = { type: 'step:end', ...at, title, outcome, durationMs: rest.durationMs ?? 0 };
  if (outcome === 'skipped' || outcome === 'not offered') return [end];
  return [
    { type: 'step:start', ...at, title, why },
    ...(rest.calls ?? []).map((each): LabEvent => ({ type: 'call', ...at, service: 'kms', ...each })),
    ...(rest.claims ?? []).map(
      ([claim, more]): LabEvent => ({ type: 'claim', ...at, claim, outcome: 'passed', ...more }),
    ),
    ...(rest.notes ?? []).map((text): LabEvent => ({ type: 'note', ...at, text })),
    ...(rest.commands ?? []).map((line): LabEvent => ({ type: 'command', ...at, line })),
    end,
  ];
}

const signing: Step[] = [
  {
    step: '2.1',
    title: 'Create an RSA key pair',
    why: 'The private key is made inside an HSM and never leaves it; the public key is for everybody.',
    durationMs: 412,
    calls: [
      call('CreateKey', {
        KeySpec: 'RSA_2048',
        KeyUsage: 'SIGN_VERIFY',
        Tags: [{ TagKey: 'kms-lab:alias', TagValue: 'alias/kms-lab-signing-key' }],
      }),
    ],
    claims: [['its spec is RSA_2048'], ['its usage is SIGN_VERIFY']],
    commands: [
      "SIGNING_KEY=$(aws kms create-key --description 'kms-lab: signing' --key-spec RSA_2048 --key-usage SIGN_VERIFY --query KeyMetadata.KeyId --output text --region us-east-1)",
      'aws kms create-alias --alias-name alias/kms-lab-signing-key --target-key-id "$SIGNING_KEY" --region us-east-1',
    ],
  },
  {
    step: '2.2',
    title: 'Sign, and verify outside KMS',
    durationMs: 63,
    calls: [
      call('Sign', { KeyId: 'alias/kms-lab-signing-key' }),
      call('Sign', { KeyId: 'alias/kms-lab-signing-key' }),
      call('GetPublicKey', { KeyId: rsa }),
      call('Verify', { KeyId: rsa }, 'us-east-1', 'KMSInvalidSignatureException'),
    ],
    claims: [
      ['the signature holds with the public key alone'],
      ['a changed message is refused', { detail: 'KMSInvalidSignatureException' }],
    ],
    notes: ['256 bytes of signature'],
  },
  { step: '2.3', title: 'Audit it in CloudTrail', outcome: 'not offered' },
];

const regions: Step[] = [
  {
    step: '4.1',
    title: 'Create a multi-Region primary key and replicate it',
    why: 'Replicas are keys of their own that share id and key material.',
    durationMs: 231,
    calls: [
      call('CreateKey', {
        MultiRegion: true,
        Tags: [{ TagKey: 'kms-lab:alias', TagValue: 'alias/kms-lab-multi-region-key' }],
      }),
      call('ReplicateKey', { KeyId: arn, ReplicaRegion: 'us-west-2' }),
      call('ReplicateKey', { KeyId: mrk, ReplicaRegion: 'eu-west-1' }),
      call('Encrypt', { KeyId: 'alias/kms-lab-multi-region-key' }),
      call('GenerateDataKey', { KeyId: 'alias/kms-lab-multi-region-key' }),
      call('Encrypt', { KeyId: arn }, 'us-west-2'),
    ],
    claims: [['the replica has the same key id'], ['the replica has another ARN']],
  },
];

const broken: Step[] = [
  {
    step: '4.2',
    title: 'Decrypt in another Region',
    outcome: 'failed',
    durationMs: 48,
    claims: [
      ['the replica opens what the primary sealed'],
      [
        'the answer names the replica',
        { outcome: 'failed', expected: arn.replace('us-east-1', 'us-west-2'), got: arn },
      ],
    ],
    notes: ['This endpoint decrypts in the wrong Region.'],
  },
  { step: '4.3', title: 'Make the replica the primary key', outcome: 'skipped' },
];

const keyAt = (region: string) => ({
  keyId: mrk,
  region,
  alias: 'alias/kms-lab-multi-region-key',
  monthlyUsd: 1,
  made: true,
});

const ends = (lab: string, number: number, title: string, more: Partial<LabEnd>): LabEnd => ({
  type: 'lab:end',
  lab,
  number,
  title,
  outcome: 'passed',
  steps: { passed: 2, failed: 0, skipped: 0, notOffered: 1 },
  claims: { passed: 4, failed: 0 },
  calls: 5,
  durationMs: 480,
  keys: [],
  older: [],
  files: `kms-lab-files/${lab}/`,
  ...more,
});

/** `failing`: a claim of step 4.2 does not hold, 4.3 is skipped. */
export function masterclass({
  failing = true,
  run = {},
}: {
  failing?: boolean;
  run?: Partial<RunEnd>;
} = {}): LabEvent[] {
  const labs = [
    { lab: 'asymmetric', number: 2, title: 'Asymmetric keys', keys: 1, monthlyUsd: 1 },
    { lab: 'multi-region', number: 4, title: 'Multi-Region keys', keys: 3, monthlyUsd: 3 },
  ];
  const outcome = failing ? 'failed' : 'passed';
  const key = { keyId: rsa, region: 'us-east-1', alias: 'alias/kms-lab-signing-key', monthlyUsd: 1, made: false };
  const old = { keyId: '55e10b3c-aaaa-4bbb-8ccc-ddddeeeeffff', region: 'us-east-1', monthlyUsd: 1 };
  const id = '20261124T101500-1a2b3c4d';
  return [
    { type: 'run:start', run: id, namespace: 'default', time: '2026-11-24T10:15:00.000Z', place, labs },
    { type: 'lab:start', lab: 'asymmetric', number: 2, title: 'Asymmetric keys', minutes: 10 },
    ...signing.flatMap((step) => told('asymmetric', step)),
    ends('asymmetric', 2, 'Asymmetric keys', { keys: [key], older: [old] }),
    { type: 'lab:start', lab: 'multi-region', number: 4, title: 'Multi-Region keys', minutes: 15 },
    ...[...regions, ...(failing ? broken : [])].flatMap((step) => told('multi-region', step)),
    ends('multi-region', 4, 'Multi-Region keys', { outcome, keys: ['us-west-2', 'us-east-1', 'eu-west-1'].map(keyAt) }),
    {
      type: 'run:end',
      run: id,
      outcome,
      exitCode: failing ? 1 : 0,
      steps: failing ? 4 : 3,
      claims: { passed: failing ? 7 : 6, failed: failing ? 1 : 0 },
      calls: 11,
      durationMs: 761,
      ...run,
    },
  ];
}

/** The same run with every text replaced. */
export function hostile(text: string): LabEvent[] {
  const places = new Set([
    'title',
    'why',
    'claim',
    'detail',
    'expected',
    'got',
    'text',
    'line',
    'label',
    'identity',
    'alias',
    'message',
    'hint',
    'files',
    'namespace',
  ]);
  const run = { error: { kind: 'denied', message: 'x', hint: 'y' }, exitCode: 4, outcome: 'failed' } as const;
  return masterclass({ run }).map((event) =>
    JSON.parse(JSON.stringify(event), (name, value) => (places.has(name) ? text : value)),
  );
}
