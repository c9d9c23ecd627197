import { randomBytes } from 'node:crypto';
import type { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importWith, type Parameters, parametersFor } from '../../support/imports.js';
import { inACopy, type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const away = 'us-west-2';
const material = randomBytes(32);
let original: KmsUnderTest;
/** Multi-Region primaries: one with AWS's own material, one with imported material. */
let keys: Record<'own' | 'imported', string>;
let parameters: Parameters;
beforeAll(async () => {
  original = await kmsUnderTest({ now: () => Date.UTC(2026, 0, 1) });
  const made = (Origin: 'AWS_KMS' | 'EXTERNAL') => original.kms.createKey({ Origin, MultiRegion: true });
  keys = {
    own: (await made('AWS_KMS')).KeyMetadata?.KeyId as string,
    imported: (await made('EXTERNAL')).KeyMetadata?.KeyId as string,
  };
  parameters = await parametersFor(original.kms, keys.imported);
  await importWith(original.kms, keys.imported, parameters, material);
});
afterAll(() => original.close());

/** Brings a key into a state; the client of the Region where it is in it. */
type Way = (on: { kms: KMS; away: KMS; advance(): void }, KeyId: string) => Promise<KMS>;
const ways: Record<
  'Enabled' | 'Disabled' | 'PendingDeletion' | 'PendingReplicaDeletion' | 'PendingImport' | 'Creating' | 'Updating',
  Way
> = {
  Enabled: async ({ kms }) => kms,
  async Disabled({ kms }, KeyId) {
    await kms.disableKey({ KeyId });
    return kms;
  },
  async PendingDeletion({ kms }, KeyId) {
    await kms.scheduleKeyDeletion({ KeyId });
    return kms;
  },
  async PendingReplicaDeletion(on, KeyId) {
    await on.kms.replicateKey({ KeyId, ReplicaRegion: away });
    return ways.PendingDeletion(on, KeyId);
  },
  async PendingImport({ kms }, KeyId) {
    await kms.deleteImportedKeyMaterial({ KeyId });
    return kms;
  },
  async Creating({ kms, away: there }, KeyId) {
    await kms.replicateKey({ KeyId, ReplicaRegion: away });
    return there;
  },
  async Updating(on, KeyId) {
    await on.kms.replicateKey({ KeyId, ReplicaRegion: away });
    on.advance();
    if (KeyId === keys.imported) await importWith(on.away, KeyId, await parametersFor(on.away, KeyId), material);
    await on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: away });
    return on.kms;
  },
};

const [ok, D, S, U] = ['ok', 'DisabledException', 'KMSInvalidStateException', 'UnsupportedOperationException'];
const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;

/** "Key states of AWS KMS keys" in the Developer Guide; S where that allows either S or D. A key in no such state: -. */
const table: [string, keyof typeof keys, (kms: KMS, KeyId: string) => Promise<unknown>, (string | undefined)[]][] = [
  // In the order of `ways`.
  ['EnableKeyRotation', 'own', (kms, KeyId) => kms.enableKeyRotation({ KeyId }), [ok, D, S, S, '-', S, ok]],
  ['DisableKeyRotation', 'own', (kms, KeyId) => kms.disableKeyRotation({ KeyId }), [ok, D, S, S, '-', S, ok]],
  ['EnableKeyRotation', 'imported', (kms, KeyId) => kms.enableKeyRotation({ KeyId }), [U, D, S, S, U, S, U]],
  ['GetKeyRotationStatus', 'own', (kms, KeyId) => kms.getKeyRotationStatus({ KeyId }), [ok, ok, ok, ok, '-', ok, ok]],
  ['ListKeyRotations', 'imported', (kms, KeyId) => kms.listKeyRotations({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['RotateKeyOnDemand', 'own', (kms, KeyId) => kms.rotateKeyOnDemand({ KeyId }), [ok, D, S, S, '-', S, ok]],
  ['RotateKeyOnDemand', 'imported', (kms, KeyId) => kms.rotateKeyOnDemand({ KeyId }), ['-', D, S, S, S, S, '-']],
  [
    'GetParametersForImport',
    'imported',
    (kms, KeyId) => kms.getParametersForImport({ KeyId, ...wrapping }),
    [ok, ok, S, S, ok, S, S],
  ],
  [
    'ImportKeyMaterial',
    'imported',
    (kms, KeyId) => importWith(kms, KeyId, parameters, material),
    [ok, ok, S, S, ok, S, ok],
  ],
  [
    'DeleteImportedKeyMaterial',
    'imported',
    (kms, KeyId) => kms.deleteImportedKeyMaterial({ KeyId }),
    [ok, ok, ok, ok, ok, S, S],
  ],
  [
    'DeleteImportedKeyMaterial',
    'own',
    (kms, KeyId) => kms.deleteImportedKeyMaterial({ KeyId }),
    [U, U, U, U, '-', S, S],
  ],
];

const cells = table.flatMap(([operation, kind, call, answers]) =>
  Object.entries(ways).flatMap(([state, way], column) => {
    const answer = answers[column] as string;
    return answer === '-' ? [] : [[operation, kind, state, answer, call, way] as const];
  }),
);

describe('a key in each of its states', () => {
  it.each(cells)('%s, %s material, %s: %s', async (_operation, kind, state, answer, call, way) => {
    const { emulator, kms } = inACopy(original);
    const KeyId = keys[kind];
    const there = original.over(emulator, away);
    const client = await way({ kms, away: there, advance: () => emulator.advance(1000) }, KeyId);
    expect((await client.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe(state);
    const outcome = await call(client, KeyId).then(
      () => ok,
      (error: Error) => error.name,
    );
    expect(outcome).toBe(answer);
    await emulator.close();
  });
});
