import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { type CreateKeyRequest, KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { importWith, type Parameters, parametersFor } from '../support/imports.js';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import '../support/quick-rsa.js';

const [away, third, fourth] = ['us-west-2', 'eu-west-1', 'ap-south-1'];
const columns = [
  ...['Enabled', 'Disabled', 'PendingDeletion', 'PendingReplicaDeletion'],
  ...['PendingImport', 'Creating', 'Updating'],
] as const;
type State = (typeof columns)[number];

/** A key of each kind that operations need; `imported` is a symmetric one whose owner brings the material. */
const kinds = {
  symmetric: {},
  imported: { Origin: 'EXTERNAL' },
  signer: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' },
  hmac: { KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' },
  agreement: { KeySpec: 'ECC_NIST_P256', KeyUsage: 'KEY_AGREEMENT' },
  kem: { KeySpec: 'ML_KEM_512', KeyUsage: 'ENCAPSULATE_DECAPSULATE' },
} as const satisfies Record<string, CreateKeyRequest>;
type Kind = keyof typeof kinds;

/** A key in a state, and what was made with it while it was Enabled. */
interface Subject {
  region: string;
  KeyId: string;
  alias: string;
  grant: string;
  material: Uint8Array;
  parameters: Parameters;
  sealed: Uint8Array;
}

const bytes = Buffer.from('hi');
const context = { is: 'a state matrix' };
const ecdsa = { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const mac = { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' } as const;
const pair = { KeyPairSpec: 'ECC_NIST_P256' } as const;
const kem = { EncapsulationAlgorithm: 'ML_KEM' } as const;
const GranteePrincipal = 'arn:aws:iam::111122223333:user/grantee';

/** What undoes itself only with the key: a ciphertext, a signature, a MAC. */
const seals: Record<Kind, (kms: KMS, KeyId: string) => Promise<Uint8Array | undefined>> = {
  symmetric: async (kms, KeyId) => (await kms.encrypt({ KeyId, Plaintext: bytes })).CiphertextBlob,
  imported: async (kms, KeyId) => (await kms.encrypt({ KeyId, Plaintext: bytes })).CiphertextBlob,
  signer: async (kms, KeyId) => (await kms.sign({ KeyId, ...ecdsa })).Signature,
  hmac: async (kms, KeyId) => (await kms.generateMac({ KeyId, ...mac })).Mac,
  agreement: async () => undefined,
  kem: async (kms, KeyId) => (await kms.encapsulate({ KeyId, ...kem })).SharedSecretCiphertextBlob,
};

let on: KmsUnderTest;
let peer: Uint8Array;
const subjects = new Map<string, Subject>();
const nameOf = (kind: Kind, state: State) => `${kind} ${state}`;

/** Material of the kind, as its owner would bring it. */
function materialOf(kind: Kind): Uint8Array {
  if (kind === 'imported' || kind === 'hmac') return randomBytes(32);
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'der', type: 'pkcs8' });
}

async function bringMaterial(kms: KMS, KeyId: string, material: Uint8Array): Promise<Parameters> {
  const parameters = await parametersFor(kms, KeyId);
  await importWith(kms, KeyId, parameters, material);
  return parameters;
}

/** An Enabled multi-Region primary with everything that a cell may need. */
async function subject(kind: Kind, state: State): Promise<Subject> {
  const { kms } = on;
  const isExternal = kind === 'imported' || state === 'PendingImport';
  const more = isExternal ? { Origin: 'EXTERNAL' as const } : {};
  const { KeyMetadata } = await kms.createKey({ MultiRegion: true, ...kinds[kind], ...more });
  const KeyId = KeyMetadata?.KeyId as string;
  const material = isExternal ? materialOf(kind) : bytes;
  const none: Parameters = { algorithm: 'RSAES_OAEP_SHA_256', publicKey: bytes, token: bytes };
  const parameters = isExternal ? await bringMaterial(kms, KeyId, material) : none;
  const alias = `alias/${kind}-${state}`;
  await kms.createAlias({ AliasName: alias, TargetKeyId: KeyId });
  const { GrantId } = await kms.createGrant({ KeyId, GranteePrincipal, Operations: ['DescribeKey'] });
  const sealed = (await seals[kind](kms, KeyId)) ?? bytes;
  return { region: 'us-east-1', KeyId, alias, grant: GrantId as string, material, parameters, sealed };
}

/** Has the key a replica in `third`, Enabled, to promote? */
const hasReplica = (state: State) => state !== 'PendingDeletion' && state !== 'PendingImport';

/** Bring keys that were made into their states. The clock stands still: what is Creating or Updating remains so. */
const ways: Record<State, (subject: Subject, kind: Kind) => Promise<unknown>> = {
  Enabled: async () => {},
  Disabled: ({ KeyId }) => on.kms.disableKey({ KeyId }),
  PendingDeletion: ({ KeyId }) => on.kms.scheduleKeyDeletion({ KeyId }),
  PendingReplicaDeletion: ({ KeyId }) => on.kms.scheduleKeyDeletion({ KeyId }),
  PendingImport: ({ KeyId }) => on.kms.deleteImportedKeyMaterial({ KeyId }),
  async Creating(it) {
    await on.kms.replicateKey({ KeyId: it.KeyId, ReplicaRegion: away });
    it.region = away as string;
    await on.as({ region: away }).createAlias({ AliasName: it.alias, TargetKeyId: it.KeyId });
  },
  Updating: ({ KeyId }) => on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: third }),
};

beforeAll(async () => {
  on = await kmsUnderTest({ now: () => Date.UTC(2026, 0, 1) });
  const { KeyMetadata } = await on.kms.createKey(kinds.agreement);
  peer = (await on.kms.getPublicKey({ KeyId: KeyMetadata?.KeyId })).PublicKey as Uint8Array;
  for (const region of ['us-east-1', away]) {
    const kms = on.as({ region });
    const other = await kms.createKey({});
    await kms.createAlias({ AliasName: 'alias/moves', TargetKeyId: other.KeyMetadata?.KeyId });
  }
  const all = (Object.keys(kinds) as Kind[]).flatMap((kind) =>
    // Of ML-KEM no material can be imported; a symmetric key for which its owner brings it is `imported`.
    columns.flatMap((state) => (state === 'PendingImport' && /symmetric|kem/.test(kind) ? [] : [{ kind, state }])),
  );
  const made = [];
  for (const { kind, state } of all) {
    const it = await subject(kind, state);
    subjects.set(nameOf(kind, state), it);
    if (hasReplica(state)) await on.kms.replicateKey({ KeyId: it.KeyId, ReplicaRegion: third });
    made.push({ kind, state, it });
  }
  on.emulator.advance(1000);
  const there = on.as({ region: third });
  for (const { kind, state, it } of made) {
    // A replica waits for the owner's material before it can be the primary.
    if (kind === 'imported' && /Enabled|Updating/.test(state)) await bringMaterial(there, it.KeyId, it.material);
    await ways[state](it, kind);
  }
}, 60_000);
afterAll(() => on.close());

const [ok, D, S, U] = ['ok', 'DisabledException', 'KMSInvalidStateException', 'UnsupportedOperationException'] as const;
/** Nothing is there in this state: a grant cannot be made on a key that is being created. */
const none = 'NotFoundException';
/** No such key. */
const x = '-';

type Call = (kms: KMS, subject: Subject) => Promise<unknown>;
type Row = [operation: string, kind: Kind, call: Call, answers: readonly string[]];
const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'kms:*', Resource: '*' },
});

/**
 * "Key states of AWS KMS keys" in the Developer Guide, typed out. Where it allows DisabledException or
 * KMSInvalidStateException (a key pending deletion), the latter is ours. Encapsulate and Decapsulate are younger than the
 * table and taken for cryptography like any other; GetKeyRotationStatus of a key pending import is refused by the table's
 * letter, which is older than the rotation of imported material.
 */
const table: Row[] = [
  // In the order of `columns`:                     Enabled Disabled PendDel PendRepDel PendImport Creating Updating
  ['Encrypt', 'symmetric', (kms, { KeyId }) => kms.encrypt({ KeyId, Plaintext: bytes }), [ok, D, S, S, x, S, ok]],
  ['Encrypt', 'imported', (kms, { KeyId }) => kms.encrypt({ KeyId, Plaintext: bytes }), [ok, D, S, S, S, S, ok]],
  ['Decrypt', 'symmetric', (kms, { sealed }) => kms.decrypt({ CiphertextBlob: sealed }), [ok, D, S, S, x, S, ok]],
  ['Decrypt', 'imported', (kms, { sealed }) => kms.decrypt({ CiphertextBlob: sealed }), [ok, D, S, S, S, S, ok]],
  [
    'ReEncrypt',
    'imported',
    (kms, { sealed, KeyId }) =>
      kms.reEncrypt({ CiphertextBlob: sealed, DestinationKeyId: KeyId, DestinationEncryptionContext: context }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'GenerateDataKey',
    'imported',
    (kms, { KeyId }) => kms.generateDataKey({ KeyId, NumberOfBytes: 1 }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'GenerateDataKeyWithoutPlaintext',
    'imported',
    (kms, { KeyId }) => kms.generateDataKeyWithoutPlaintext({ KeyId, NumberOfBytes: 1 }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'GenerateDataKeyPair',
    'imported',
    (kms, { KeyId }) => kms.generateDataKeyPair({ KeyId, ...pair }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'GenerateDataKeyPairWithoutPlaintext',
    'imported',
    (kms, { KeyId }) => kms.generateDataKeyPairWithoutPlaintext({ KeyId, ...pair }),
    [ok, D, S, S, S, S, ok],
  ],
  ['Sign', 'signer', (kms, { KeyId }) => kms.sign({ KeyId, ...ecdsa }), [ok, D, S, S, S, S, ok]],
  [
    'Verify',
    'signer',
    (kms, { KeyId, sealed }) => kms.verify({ KeyId, ...ecdsa, Signature: sealed }),
    [ok, D, S, S, S, S, ok],
  ],
  ['GenerateMac', 'hmac', (kms, { KeyId }) => kms.generateMac({ KeyId, ...mac }), [ok, D, S, S, S, S, ok]],
  [
    'VerifyMac',
    'hmac',
    (kms, { KeyId, sealed }) => kms.verifyMac({ KeyId, ...mac, Mac: sealed }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'DeriveSharedSecret',
    'agreement',
    (kms, { KeyId }) => kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: peer }),
    [ok, D, S, S, S, S, ok],
  ],
  ['Encapsulate', 'kem', (kms, { KeyId }) => kms.encapsulate({ KeyId, ...kem }), [ok, D, S, S, x, S, ok]],
  [
    'Decapsulate',
    'kem',
    (kms, { KeyId, sealed }) => kms.decapsulate({ KeyId, ...kem, SharedSecretCiphertextBlob: sealed }),
    [ok, D, S, S, x, S, ok],
  ],
  ['GetPublicKey', 'signer', (kms, { KeyId }) => kms.getPublicKey({ KeyId }), [ok, ok, S, S, ok, S, ok]],
  ['DescribeKey', 'imported', (kms, { KeyId }) => kms.describeKey({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['GetKeyLastUsage', 'imported', (kms, { KeyId }) => kms.getKeyLastUsage({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['GetKeyPolicy', 'imported', (kms, { KeyId }) => kms.getKeyPolicy({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  [
    'PutKeyPolicy',
    'imported',
    (kms, { KeyId }) => kms.putKeyPolicy({ KeyId, Policy: policy }),
    [ok, ok, ok, ok, ok, ok, ok],
  ],
  ['ListAliases', 'imported', (kms, { KeyId }) => kms.listAliases({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['ListGrants', 'imported', (kms, { KeyId }) => kms.listGrants({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['ListKeyPolicies', 'imported', (kms, { KeyId }) => kms.listKeyPolicies({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['ListResourceTags', 'imported', (kms, { KeyId }) => kms.listResourceTags({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  [
    'RetireGrant',
    'imported',
    async (kms, { KeyId, grant }) => {
      const { KeyMetadata } = await kms.describeKey({ KeyId });
      return kms.retireGrant({ KeyId: KeyMetadata?.Arn, GrantId: grant });
    },
    [ok, ok, ok, ok, ok, none, ok],
  ],
  [
    'RevokeGrant',
    'imported',
    (kms, { KeyId, grant }) => kms.revokeGrant({ KeyId, GrantId: grant }),
    [ok, ok, ok, ok, ok, none, ok],
  ],
  ['DeleteAlias', 'imported', (kms, { alias }) => kms.deleteAlias({ AliasName: alias }), [ok, ok, ok, ok, ok, ok, ok]],
  [
    'CreateGrant',
    'imported',
    (kms, { KeyId }) => kms.createGrant({ KeyId, GranteePrincipal, Operations: ['Decrypt'] }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'TagResource',
    'imported',
    (kms, { KeyId }) => kms.tagResource({ KeyId, Tags: [{ TagKey: 'a', TagValue: 'b' }] }),
    [ok, ok, S, S, ok, ok, ok],
  ],
  [
    'UntagResource',
    'imported',
    (kms, { KeyId }) => kms.untagResource({ KeyId, TagKeys: ['a'] }),
    [ok, ok, S, S, ok, ok, ok],
  ],
  [
    'UpdateKeyDescription',
    'imported',
    (kms, { KeyId }) => kms.updateKeyDescription({ KeyId, Description: 'new' }),
    [ok, ok, S, S, ok, ok, ok],
  ],
  [
    'CreateAlias',
    'imported',
    (kms, { KeyId }) => kms.createAlias({ AliasName: 'alias/new', TargetKeyId: KeyId }),
    [ok, ok, S, S, ok, ok, ok],
  ],
  [
    'UpdateAlias',
    'imported',
    (kms, { KeyId }) => kms.updateAlias({ AliasName: 'alias/moves', TargetKeyId: KeyId }),
    [ok, ok, S, S, ok, ok, ok],
  ],
  ['EnableKey', 'imported', (kms, { KeyId }) => kms.enableKey({ KeyId }), [ok, ok, S, S, S, S, S]],
  ['DisableKey', 'imported', (kms, { KeyId }) => kms.disableKey({ KeyId }), [ok, ok, S, S, S, S, S]],
  ['EnableKeyRotation', 'symmetric', (kms, { KeyId }) => kms.enableKeyRotation({ KeyId }), [ok, D, S, S, x, S, ok]],
  ['EnableKeyRotation', 'imported', (kms, { KeyId }) => kms.enableKeyRotation({ KeyId }), [U, D, S, S, U, S, U]],
  ['DisableKeyRotation', 'symmetric', (kms, { KeyId }) => kms.disableKeyRotation({ KeyId }), [ok, D, S, S, x, S, ok]],
  ['DisableKeyRotation', 'imported', (kms, { KeyId }) => kms.disableKeyRotation({ KeyId }), [U, D, S, S, U, S, U]],
  [
    'GetKeyRotationStatus',
    'imported',
    (kms, { KeyId }) => kms.getKeyRotationStatus({ KeyId }),
    [ok, ok, ok, ok, ok, ok, ok],
  ],
  ['ListKeyRotations', 'imported', (kms, { KeyId }) => kms.listKeyRotations({ KeyId }), [ok, ok, ok, ok, ok, ok, ok]],
  ['RotateKeyOnDemand', 'symmetric', (kms, { KeyId }) => kms.rotateKeyOnDemand({ KeyId }), [ok, D, S, S, x, S, ok]],
  [
    'RotateKeyOnDemand',
    'imported',
    (kms, { KeyId }) => kms.rotateKeyOnDemand({ KeyId }),
    // An Enabled one has no new material to rotate to.
    ['KMSInvalidStateException', D, S, S, S, S, 'KMSInvalidStateException'],
  ],
  [
    'ReplicateKey',
    'imported',
    (kms, { KeyId }) => kms.replicateKey({ KeyId, ReplicaRegion: fourth }),
    [ok, D, S, S, S, S, S],
  ],
  [
    'UpdatePrimaryRegion',
    'imported',
    (kms, { KeyId }) => kms.updatePrimaryRegion({ KeyId, PrimaryRegion: third }),
    [ok, D, S, S, S, S, ok],
  ],
  [
    'ScheduleKeyDeletion',
    'imported',
    (kms, { KeyId }) => kms.scheduleKeyDeletion({ KeyId }),
    [ok, ok, S, S, ok, ok, S],
  ],
  ['CancelKeyDeletion', 'imported', (kms, { KeyId }) => kms.cancelKeyDeletion({ KeyId }), [S, S, ok, ok, S, S, S]],
  [
    'GetParametersForImport',
    'imported',
    (kms, { KeyId }) => kms.getParametersForImport({ KeyId, ...wrapping }),
    [ok, ok, S, S, ok, S, S],
  ],
  [
    'ImportKeyMaterial',
    'imported',
    (kms, { KeyId, parameters, material }) => importWith(kms, KeyId, parameters, material),
    [ok, ok, S, S, ok, S, ok],
  ],
  [
    'DeleteImportedKeyMaterial',
    'imported',
    (kms, { KeyId }) => kms.deleteImportedKeyMaterial({ KeyId }),
    [ok, ok, ok, ok, ok, S, S],
  ],
];

/** What takes no key, or no key that could be in a state. */
const keyless = [
  ...['CreateKey', 'GenerateRandom', 'ListKeys', 'ListRetirableGrants'],
  ...['CreateCustomKeyStore', 'DescribeCustomKeyStores', 'UpdateCustomKeyStore', 'DeleteCustomKeyStore'],
  ...['ConnectCustomKeyStore', 'DisconnectCustomKeyStore'],
];

/** The words of AWS's message for each state, behind the key's ARN. */
const words: Record<State, RegExp> = {
  Enabled: / is (enabled|not pending deletion)\.$/,
  Disabled: / is (disabled|not pending deletion)\.$/,
  PendingDeletion: / is pending deletion\.$/,
  PendingReplicaDeletion: / is pending replica deletion\.$/,
  PendingImport: / is (pending import|not pending deletion)\.$| origin is EXTERNAL which is not valid/,
  Creating: / is (creating|not pending deletion)\.$/,
  Updating: / is (updating|not pending deletion)\.$/,
};

/** How a call goes: "ok", or the exception's name. */
async function outcome(call: Promise<unknown>): Promise<{ name: string; message: string }> {
  try {
    await call;
    return { name: ok, message: '' };
  } catch (error) {
    return error as Error;
  }
}

/** One client for each Region: what is refused changes nothing. */
const clients = new Map<string, KMS>();
function client(region: string): KMS {
  const known = clients.get(region) ?? on.as({ region });
  clients.set(region, known);
  return known;
}

describe('the keys', () => {
  it('are in the states that the table is about', async () => {
    for (const [name, { region, KeyId }] of subjects) {
      const { KeyMetadata } = await client(region).describeKey({ KeyId });
      expect(name.endsWith(` ${KeyMetadata?.KeyState}`), `${name} is ${KeyMetadata?.KeyState}`).toBe(true);
    }
  });
});

describe.each(table)('%s of a key of kind %s', (operation, kind, call, answers) => {
  const cells = columns
    .map((state, at) => [state, answers[at] as string] as const)
    .filter(([, answer]) => answer !== x);

  it.each(cells)('%s: %s', async (state, answer) => {
    const it = subjects.get(nameOf(kind, state)) as Subject;
    // What is done is done to a copy of the world.
    const emulator = answer === ok ? on.emulator.copy() : undefined;
    const { name, message } = await outcome(call(emulator ? on.over(emulator, it.region) : client(it.region), it));
    await emulator?.close();
    expect(name, message).toBe(answer);
    const lacksMaterial = operation === 'RotateKeyOnDemand' && kind === 'imported' && /Enabled|Updating/.test(state);
    if ((name === S || name === D) && !lacksMaterial) expect(message).toMatch(words[state]);
  });
});

describe('UpdatePrimaryRegion to a replica', () => {
  type Cell = [State, string, (kms: KMS, KeyId: string) => Promise<unknown>];
  it.each<Cell>([
    ['Enabled', ok, async () => {}],
    ['Disabled', D, (kms, KeyId) => kms.disableKey({ KeyId })],
    ['PendingDeletion', S, (kms, KeyId) => kms.scheduleKeyDeletion({ KeyId })],
    ['PendingImport', S, (kms, KeyId) => kms.deleteImportedKeyMaterial({ KeyId })],
  ])('%s: %s', async (state, answer, bring) => {
    const emulator = on.emulator.copy();
    const { KeyId } = subjects.get(nameOf('imported', 'Enabled')) as Subject;
    const there = on.over(emulator, third);
    await bring(there, KeyId);
    expect((await there.describeKey({ KeyId })).KeyMetadata?.KeyState).toBe(state);
    const { name } = await outcome(on.over(emulator).updatePrimaryRegion({ KeyId, PrimaryRegion: third }));
    expect(name).toBe(answer);
    await emulator.close();
  });

  it('Creating: KMSInvalidStateException', async () => {
    const { KeyId } = subjects.get(nameOf('symmetric', 'Creating')) as Subject;
    const { name } = await outcome(on.kms.updatePrimaryRegion({ KeyId, PrimaryRegion: away }));
    expect(name).toBe(S);
  });
});

it('every operation of the SDK is in the table, or takes no key', () => {
  const operations = Object.getOwnPropertyNames(KMS.prototype)
    .filter((name) => /^[a-z]/.test(name) && !/^(constructor|paginate|waitUntil)/.test(name))
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1));
  expect([...new Set(table.map(([name]) => name)), ...keyless].sort()).toEqual(operations.sort());
});
