import type { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OperationName } from '../../src/emulator/operation.js';
import { operations } from '../../src/emulator/wire/constraints.js';
import { importWith, newExternalKey, parametersFor } from '../support/imports.js';
import { type InACopy, inACopy, type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';
import { newKey } from '../support/new-keys.js';

/** The API model's own list of each operation's errors. */
const documented = [...operations].flatMap(([operation, { errors }]) => errors.map((error) => `${operation} ${error}`));

const nobody = '00000000-0000-4000-8000-000000000000';
const bytes = Buffer.from('hi');
const oneTag = [{ TagKey: 'a', TagValue: 'b' }];
const tagged = [{ TagKey: 'aws:a', TagValue: 'b' }];
const GranteePrincipal = 'arn:aws:iam::111122223333:user/grantee';
const CustomKeyStoreId = 'cks-1234567890abcdef0';

type Kind = 'symmetric' | 'primary' | 'external' | 'signer' | 'hmac' | 'agreement' | 'kem';
type Keys = Record<Kind, string>;
let on: KmsUnderTest;
let keys: Keys;
let peer: Uint8Array;
let blob: Uint8Array;
beforeAll(async () => {
  on = await kmsUnderTest({ now: () => Date.UTC(2026, 0, 1) });
  const { KeyMetadata } = await on.kms.createKey({ MultiRegion: true });
  keys = {
    symmetric: await on.key(),
    primary: KeyMetadata?.KeyId as string,
    external: await newExternalKey(on.kms),
    signer: await newKey(on.kms, 'ECC_NIST_P256', 'SIGN_VERIFY'),
    hmac: await newKey(on.kms, 'HMAC_256', 'GENERATE_VERIFY_MAC'),
    agreement: await newKey(on.kms, 'ECC_NIST_P256', 'KEY_AGREEMENT'),
    kem: await newKey(on.kms, 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'),
  };
  peer = (await on.kms.getPublicKey({ KeyId: keys.agreement })).PublicKey as Uint8Array;
  blob = (await on.kms.encrypt({ KeyId: keys.symmetric, Plaintext: bytes })).CiphertextBlob as Uint8Array;
  await on.kms.createAlias({ AliasName: 'alias/there', TargetKeyId: keys.symmetric });
});
afterAll(() => on.close());

/** What is asked besides the key: DryRun, grant tokens, a marker. */
type More = { DryRun?: boolean; GrantTokens?: string[]; Marker?: string };
type Ask = [kind: Kind, ask: (kms: KMS, KeyId: string, more: More) => Promise<unknown>];
const ecdsa = { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const mac = { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' } as const;
const kem = { EncapsulationAlgorithm: 'ML_KEM' } as const;
const pair = { KeyPairSpec: 'ECC_NIST_P256' } as const;
const wrapping = { WrappingAlgorithm: 'RSAES_OAEP_SHA_256', WrappingKeySpec: 'RSA_2048' } as const;
const arnOf = (KeyId: string) => (KeyId.startsWith('arn') ? KeyId : `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`);

/** How each operation is asked about a key. */
const asks: Record<string, Ask> = {
  CreateKey: ['symmetric', (kms) => kms.createKey({})],
  GenerateRandom: ['symmetric', (kms) => kms.generateRandom({ NumberOfBytes: 1 })],
  DescribeCustomKeyStores: ['symmetric', (kms, _, more) => kms.describeCustomKeyStores(more)],
  CancelKeyDeletion: ['symmetric', (kms, KeyId) => kms.cancelKeyDeletion({ KeyId })],
  CreateAlias: ['symmetric', (kms, TargetKeyId) => kms.createAlias({ AliasName: 'alias/new', TargetKeyId })],
  CreateGrant: [
    'symmetric',
    (kms, KeyId, more) => kms.createGrant({ KeyId, GranteePrincipal, Operations: ['Decrypt'], ...more }),
  ],
  Decapsulate: [
    'kem',
    (kms, KeyId, more) => kms.decapsulate({ KeyId, ...kem, SharedSecretCiphertextBlob: Buffer.alloc(768), ...more }),
  ],
  Decrypt: ['symmetric', (kms, KeyId, more) => kms.decrypt({ KeyId, CiphertextBlob: blob, ...more })],
  DeleteAlias: ['symmetric', (kms) => kms.deleteAlias({ AliasName: 'alias/none' })],
  DeleteImportedKeyMaterial: ['external', (kms, KeyId) => kms.deleteImportedKeyMaterial({ KeyId })],
  DeriveSharedSecret: [
    'agreement',
    (kms, KeyId, more) => kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: peer, ...more }),
  ],
  DescribeKey: ['symmetric', (kms, KeyId, more) => kms.describeKey({ KeyId, ...more })],
  DisableKey: ['symmetric', (kms, KeyId) => kms.disableKey({ KeyId })],
  DisableKeyRotation: ['symmetric', (kms, KeyId) => kms.disableKeyRotation({ KeyId })],
  EnableKey: ['symmetric', (kms, KeyId) => kms.enableKey({ KeyId })],
  EnableKeyRotation: ['symmetric', (kms, KeyId) => kms.enableKeyRotation({ KeyId })],
  Encapsulate: ['kem', (kms, KeyId, more) => kms.encapsulate({ KeyId, ...kem, ...more })],
  Encrypt: ['symmetric', (kms, KeyId, more) => kms.encrypt({ KeyId, Plaintext: bytes, ...more })],
  GenerateDataKey: ['symmetric', (kms, KeyId, more) => kms.generateDataKey({ KeyId, KeySpec: 'AES_256', ...more })],
  GenerateDataKeyPair: ['symmetric', (kms, KeyId, more) => kms.generateDataKeyPair({ KeyId, ...pair, ...more })],
  GenerateDataKeyPairWithoutPlaintext: [
    'symmetric',
    (kms, KeyId, more) => kms.generateDataKeyPairWithoutPlaintext({ KeyId, ...pair, ...more }),
  ],
  GenerateDataKeyWithoutPlaintext: [
    'symmetric',
    (kms, KeyId, more) => kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256', ...more }),
  ],
  GenerateMac: ['hmac', (kms, KeyId, more) => kms.generateMac({ KeyId, ...mac, ...more })],
  GetKeyLastUsage: ['symmetric', (kms, KeyId) => kms.getKeyLastUsage({ KeyId })],
  GetKeyPolicy: ['symmetric', (kms, KeyId) => kms.getKeyPolicy({ KeyId })],
  GetKeyRotationStatus: ['symmetric', (kms, KeyId) => kms.getKeyRotationStatus({ KeyId })],
  GetParametersForImport: ['external', (kms, KeyId) => kms.getParametersForImport({ KeyId, ...wrapping })],
  GetPublicKey: ['signer', (kms, KeyId, more) => kms.getPublicKey({ KeyId, ...more })],
  ImportKeyMaterial: [
    'external',
    (kms, KeyId) =>
      kms.importKeyMaterial({
        ...{ KeyId, ImportToken: bytes, EncryptedKeyMaterial: bytes },
        ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
      }),
  ],
  ListAliases: ['symmetric', (kms, KeyId, more) => kms.listAliases({ KeyId, ...more })],
  ListGrants: ['symmetric', (kms, KeyId, more) => kms.listGrants({ KeyId, ...more })],
  ListKeyPolicies: ['symmetric', (kms, KeyId, more) => kms.listKeyPolicies({ KeyId, ...more })],
  ListKeyRotations: ['symmetric', (kms, KeyId, more) => kms.listKeyRotations({ KeyId, ...more })],
  ListKeys: ['symmetric', (kms, _, more) => kms.listKeys(more)],
  ListResourceTags: ['symmetric', (kms, KeyId, more) => kms.listResourceTags({ KeyId, ...more })],
  ListRetirableGrants: [
    'symmetric',
    (kms, RetiringPrincipal, more) =>
      kms.listRetirableGrants({
        ...more,
        RetiringPrincipal: RetiringPrincipal.startsWith('arn') ? RetiringPrincipal : GranteePrincipal,
      }),
  ],
  PutKeyPolicy: ['symmetric', (kms, KeyId) => kms.putKeyPolicy({ KeyId, Policy: '{}' })],
  ReEncrypt: [
    'symmetric',
    (kms, DestinationKeyId, more) => kms.reEncrypt({ DestinationKeyId, CiphertextBlob: blob, ...more }),
  ],
  ReplicateKey: ['primary', (kms, KeyId) => kms.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' })],
  RetireGrant: [
    'symmetric',
    (kms, KeyId, more) => kms.retireGrant({ KeyId: arnOf(KeyId), GrantId: 'a'.repeat(64), ...more }),
  ],
  RevokeGrant: ['symmetric', (kms, KeyId, more) => kms.revokeGrant({ KeyId, GrantId: 'a'.repeat(64), ...more })],
  RotateKeyOnDemand: ['symmetric', (kms, KeyId) => kms.rotateKeyOnDemand({ KeyId })],
  ScheduleKeyDeletion: ['symmetric', (kms, KeyId) => kms.scheduleKeyDeletion({ KeyId })],
  Sign: ['signer', (kms, KeyId, more) => kms.sign({ KeyId, ...ecdsa, ...more })],
  TagResource: ['symmetric', (kms, KeyId) => kms.tagResource({ KeyId, Tags: oneTag })],
  UntagResource: ['symmetric', (kms, KeyId) => kms.untagResource({ KeyId, TagKeys: ['a'] })],
  UpdateAlias: ['symmetric', (kms, TargetKeyId) => kms.updateAlias({ AliasName: 'alias/there', TargetKeyId })],
  UpdateKeyDescription: ['symmetric', (kms, KeyId) => kms.updateKeyDescription({ KeyId, Description: '' })],
  UpdatePrimaryRegion: ['primary', (kms, KeyId) => kms.updatePrimaryRegion({ KeyId, PrimaryRegion: 'us-west-2' })],
  Verify: ['signer', (kms, KeyId, more) => kms.verify({ KeyId, ...ecdsa, Signature: bytes, ...more })],
  VerifyMac: ['hmac', (kms, KeyId, more) => kms.verifyMac({ KeyId, ...mac, Mac: bytes, ...more })],
};

/** The same mistake, whatever the operation. */
const common: Record<string, (on: InACopy, ask: Ask) => Promise<unknown>> = {
  NotFoundException: ({ kms }, [, ask]) => ask(kms, nobody, {}),
  InvalidArnException: ({ kms }, [, ask]) => ask(kms, 'arn:aws:s3:::a-bucket', {}),
  async DisabledException({ kms }, [kind, ask]) {
    await kms.disableKey({ KeyId: keys[kind] });
    return ask(kms, keys[kind], {});
  },
  async KMSInvalidStateException({ kms }, [kind, ask]) {
    await kms.scheduleKeyDeletion({ KeyId: keys[kind] });
    return ask(kms, keys[kind], {});
  },
  DryRunOperationException: ({ kms }, [kind, ask]) => ask(kms, keys[kind], { DryRun: true }),
  InvalidGrantTokenException: ({ kms }, [kind, ask]) => ask(kms, keys[kind], { GrantTokens: ['x'] }),
  InvalidKeyUsageException: ({ kms }, [kind, ask]) => ask(kms, keys[kind === 'hmac' ? 'symmetric' : 'hmac'], {}),
  InvalidMarkerException: ({ kms }, [kind, ask]) => ask(kms, keys[kind], { Marker: 'x' }),
};

/** What goes wrong inside AWS: here when it is planned. */
const planned = /^\w+ (?:DependencyTimeout|KMSInternal|KeyUnavailable)Exception$/;

/** Brings about one error of one operation. */
const special: Record<string, (on: InACopy) => Promise<unknown>> = {
  'Decrypt InvalidKeyUsageException': ({ kms }) =>
    kms.decrypt({ KeyId: keys.signer, CiphertextBlob: bytes, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
  'CancelKeyDeletion KMSInvalidStateException': ({ kms }) => kms.cancelKeyDeletion({ KeyId: keys.symmetric }),
  'CreateAlias AlreadyExistsException': ({ kms }) =>
    kms.createAlias({ AliasName: 'alias/there', TargetKeyId: keys.symmetric }),
  'CreateAlias InvalidAliasNameException': ({ kms }) =>
    kms.createAlias({ AliasName: 'alias/a:b', TargetKeyId: keys.symmetric }),
  'CreateAlias LimitExceededException': ({ kms, emulator }) => {
    emulator.conditions.quotas({ aliasesPerKey: 1 });
    return kms.createAlias({ AliasName: 'alias/second', TargetKeyId: keys.symmetric });
  },
  async 'UpdateAlias LimitExceededException'({ kms, emulator }) {
    const { KeyMetadata } = await kms.createKey({});
    await kms.createAlias({ AliasName: 'alias/other', TargetKeyId: KeyMetadata?.KeyId });
    emulator.conditions.quotas({ aliasesPerKey: 1 });
    return kms.updateAlias({ AliasName: 'alias/there', TargetKeyId: KeyMetadata?.KeyId });
  },
  'CreateGrant LimitExceededException': ({ kms, emulator }) => {
    emulator.conditions.quotas({ grantsPerKey: 0 });
    return kms.createGrant({ KeyId: keys.symmetric, GranteePrincipal, Operations: ['Decrypt'] });
  },
  'CreateGrant InvalidArnException': ({ kms }) =>
    kms.createGrant({ KeyId: keys.symmetric, GranteePrincipal: 'arn:aws:s3:::x', Operations: ['Decrypt'] }),
  'CreateKey LimitExceededException': ({ kms, emulator }) => {
    emulator.conditions.quotas({ keys: 1 });
    return kms.createKey({});
  },
  'CreateKey MalformedPolicyDocumentException': ({ kms }) => kms.createKey({ Policy: '{' }),
  'CreateKey TagException': ({ kms }) => kms.createKey({ Tags: tagged }),
  'CreateKey UnsupportedOperationException': ({ kms }) => kms.createKey({ KeySpec: 'SM2', KeyUsage: 'SIGN_VERIFY' }),
  'CreateKey CustomKeyStoreNotFoundException': ({ kms }) => kms.createKey({ CustomKeyStoreId }),
  'Decapsulate InvalidCiphertextException': ({ kms }) =>
    kms.decapsulate({ KeyId: keys.kem, ...kem, SharedSecretCiphertextBlob: bytes }),
  async 'Decrypt IncorrectKeyException'({ kms }) {
    const { KeyMetadata } = await kms.createKey({});
    return kms.decrypt({ KeyId: KeyMetadata?.KeyId, CiphertextBlob: blob });
  },
  'Decrypt InvalidCiphertextException': ({ kms }) => kms.decrypt({ CiphertextBlob: bytes }),
  'ReEncrypt IncorrectKeyException': ({ kms }) =>
    kms.reEncrypt({ SourceKeyId: keys.primary, DestinationKeyId: keys.symmetric, CiphertextBlob: blob }),
  'ReEncrypt InvalidCiphertextException': ({ kms }) =>
    kms.reEncrypt({ DestinationKeyId: keys.symmetric, CiphertextBlob: bytes }),
  async 'DeleteImportedKeyMaterial KMSInvalidStateException'({ kms, emulator }) {
    const { KeyMetadata } = await kms.createKey({ Origin: 'EXTERNAL', MultiRegion: true });
    const KeyId = KeyMetadata?.KeyId as string;
    await importWith(kms, KeyId, await parametersFor(kms, KeyId), Buffer.alloc(32, 1));
    await kms.replicateKey({ KeyId, ReplicaRegion: 'us-west-2' });
    return on.over(emulator, 'us-west-2').deleteImportedKeyMaterial({ KeyId });
  },
  'GenerateRandom CustomKeyStoreNotFoundException': ({ kms }) => kms.generateRandom({ CustomKeyStoreId }),
  'GenerateRandom UnsupportedOperationException': ({ kms }) =>
    kms.generateRandom({
      NumberOfBytes: 1,
      Recipient: { KeyEncryptionAlgorithm: 'RSAES_OAEP_SHA_256', AttestationDocument: bytes },
    }),
  'GenerateDataKeyPair UnsupportedOperationException': ({ kms }) =>
    kms.generateDataKeyPair({ KeyId: keys.symmetric, KeyPairSpec: 'SM2' }),
  'GenerateDataKeyPairWithoutPlaintext UnsupportedOperationException': ({ kms }) =>
    kms.generateDataKeyPairWithoutPlaintext({ KeyId: keys.symmetric, KeyPairSpec: 'SM2' }),
  'GetPublicKey UnsupportedOperationException': ({ kms }) => kms.getPublicKey({ KeyId: keys.symmetric }),
  'ImportKeyMaterial InvalidImportTokenException': ({ kms }) =>
    asks.ImportKeyMaterial?.[1](kms, keys.external, {}) as Promise<unknown>,
  async 'ImportKeyMaterial ExpiredImportTokenException'({ kms, emulator }) {
    const parameters = await parametersFor(kms, keys.external);
    emulator.advance(25 * 3_600_000);
    return importWith(kms, keys.external, parameters, Buffer.alloc(32));
  },
  async 'ImportKeyMaterial IncorrectKeyMaterialException'({ kms }) {
    const parameters = await parametersFor(kms, keys.external);
    await importWith(kms, keys.external, parameters, Buffer.alloc(32, 1));
    return importWith(kms, keys.external, parameters, Buffer.alloc(32, 2));
  },
  async 'ImportKeyMaterial InvalidCiphertextException'({ kms }) {
    const { token } = await parametersFor(kms, keys.external);
    return kms.importKeyMaterial({
      ...{ KeyId: keys.external, ImportToken: token, EncryptedKeyMaterial: Buffer.alloc(256, 1) },
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
  },
  'ListGrants InvalidGrantIdException': ({ kms }) => kms.listGrants({ KeyId: keys.symmetric, GrantId: 'x' }),
  'RetireGrant InvalidGrantIdException': ({ kms }) => kms.retireGrant({ KeyId: arnOf(keys.symmetric), GrantId: 'x' }),
  'RetireGrant InvalidGrantTokenException': ({ kms }) => kms.retireGrant({ GrantToken: 'x' }),
  'RevokeGrant InvalidGrantIdException': ({ kms }) => kms.revokeGrant({ KeyId: keys.symmetric, GrantId: 'x' }),
  async 'RevokeGrant DryRunOperationException'({ kms }) {
    const { GrantId } = await kms.createGrant({ KeyId: keys.symmetric, GranteePrincipal, Operations: ['Decrypt'] });
    return kms.revokeGrant({ KeyId: keys.symmetric, GrantId, DryRun: true });
  },
  async 'RetireGrant DryRunOperationException'({ kms }) {
    const { GrantToken } = await kms.createGrant({ KeyId: keys.symmetric, GranteePrincipal, Operations: ['Decrypt'] });
    return kms.retireGrant({ GrantToken, DryRun: true });
  },
  async 'Verify DryRunOperationException'({ kms }) {
    const { Signature } = await kms.sign({ KeyId: keys.signer, ...ecdsa });
    return kms.verify({ KeyId: keys.signer, ...ecdsa, Signature, DryRun: true });
  },
  async 'VerifyMac DryRunOperationException'({ kms }) {
    const { Mac } = await kms.generateMac({ KeyId: keys.hmac, ...mac });
    return kms.verifyMac({ KeyId: keys.hmac, ...mac, Mac, DryRun: true });
  },
  'PutKeyPolicy LimitExceededException': ({ kms }) =>
    kms.putKeyPolicy({ KeyId: keys.symmetric, Policy: `{}${' '.repeat(32_768)}` }),
  'PutKeyPolicy MalformedPolicyDocumentException': ({ kms }) =>
    kms.putKeyPolicy({ KeyId: keys.symmetric, Policy: '{' }),
  async 'ReplicateKey AlreadyExistsException'({ kms }) {
    await kms.replicateKey({ KeyId: keys.primary, ReplicaRegion: 'us-west-2' });
    return kms.replicateKey({ KeyId: keys.primary, ReplicaRegion: 'us-west-2' });
  },
  'ReplicateKey LimitExceededException': ({ kms, emulator }) => {
    emulator.conditions.quotas({ keys: 0 });
    return kms.replicateKey({ KeyId: keys.primary, ReplicaRegion: 'us-west-2' });
  },
  'ReplicateKey MalformedPolicyDocumentException': ({ kms }) =>
    kms.replicateKey({ KeyId: keys.primary, ReplicaRegion: 'us-west-2', Policy: '{' }),
  'ReplicateKey TagException': ({ kms }) =>
    kms.replicateKey({ KeyId: keys.primary, ReplicaRegion: 'us-west-2', Tags: tagged }),
  async 'RotateKeyOnDemand ConflictException'({ kms }) {
    await kms.rotateKeyOnDemand({ KeyId: keys.symmetric });
    return kms.rotateKeyOnDemand({ KeyId: keys.symmetric });
  },
  async 'RotateKeyOnDemand LimitExceededException'({ kms, emulator }) {
    for (let n = 0; n < 25; n++) {
      await kms.rotateKeyOnDemand({ KeyId: keys.symmetric });
      emulator.advance(2000);
    }
    return kms.rotateKeyOnDemand({ KeyId: keys.symmetric });
  },
  async 'TagResource LimitExceededException'({ kms }) {
    const Tags = Array.from({ length: 50 }, (_, n) => ({ TagKey: `${n}`, TagValue: '' }));
    await kms.tagResource({ KeyId: keys.symmetric, Tags });
    return kms.tagResource({ KeyId: keys.symmetric, Tags: oneTag });
  },
  'TagResource TagException': ({ kms }) => kms.tagResource({ KeyId: keys.symmetric, Tags: tagged }),
  'UntagResource TagException': ({ kms }) => kms.untagResource({ KeyId: keys.symmetric, TagKeys: ['aws:a'] }),
  'Verify KMSInvalidSignatureException': ({ kms }) => kms.verify({ KeyId: keys.signer, ...ecdsa, Signature: bytes }),
  'VerifyMac KMSInvalidMacException': ({ kms }) => kms.verifyMac({ KeyId: keys.hmac, ...mac, Mac: bytes }),
  'DescribeCustomKeyStores CustomKeyStoreNotFoundException': ({ kms }) =>
    kms.describeCustomKeyStores({ CustomKeyStoreId }),
  'ConnectCustomKeyStore CustomKeyStoreNotFoundException': ({ kms }) => kms.connectCustomKeyStore({ CustomKeyStoreId }),
  'DisconnectCustomKeyStore CustomKeyStoreNotFoundException': ({ kms }) =>
    kms.disconnectCustomKeyStore({ CustomKeyStoreId }),
  'DeleteCustomKeyStore CustomKeyStoreNotFoundException': ({ kms }) => kms.deleteCustomKeyStore({ CustomKeyStoreId }),
  'UpdateCustomKeyStore CustomKeyStoreNotFoundException': ({ kms }) => kms.updateCustomKeyStore({ CustomKeyStoreId }),
};

/** Keys of another sort than the operation is for. */
const wrongSort: Record<string, Kind> = {
  ...{ DeleteImportedKeyMaterial: 'symmetric', GetParametersForImport: 'symmetric', ImportKeyMaterial: 'symmetric' },
  ...{ DisableKeyRotation: 'hmac', EnableKeyRotation: 'hmac', GetKeyRotationStatus: 'hmac', RotateKeyOnDemand: 'hmac' },
  ...{ ReplicateKey: 'symmetric', UpdatePrimaryRegion: 'symmetric' },
};

const free = 'it works in every key state, by the table that tells what states do';
/** What cannot happen here, or does not on AWS, and why. */
const never: [RegExp, string][] = [
  [/ (?:CloudHsm|Xks|IncorrectTrustAnchor|CustomKeyStore(?!NotFound))/, 'there are no custom key stores'],
  [/^CreateCustomKeyStore /, 'there are no custom key stores'],
  [/^(?:DeleteAlias|RetireGrant|RevokeGrant|GetKeyPolicy|PutKeyPolicy) KMSInvalidState/, free],
  [/^(?:ListGrants|ListKeyPolicies|ListKeyRotations|GetKeyRotationStatus) KMSInvalidState/, free],
  [/^GetPublicKey Disabled/, 'that table has it work for a disabled key'],
  [/^GetPublicKey InvalidKeyUsage/, 'every usage of a key pair has a public key'],
  [/^(?:GetKeyRotationStatus|ListKeyRotations) UnsupportedOperation/, 'of keys in custom key stores alone'],
  [/^PutKeyPolicy UnsupportedOperation/, 'AWS does not say when'],
  [/^ListRetirableGrants NotFound/, 'every well-formed principal counts as existing'],
  [/^CreateKey InvalidArn/, 'its request has no ARN'],
  [/^EnableKey LimitExceeded/, 'keys that are not enabled count in the quota too'],
];

/** How a documented error is brought about; undefined: nobody knows. */
function provocation(one: string): ((on: InACopy) => Promise<unknown>) | undefined {
  const [operation = '', error = ''] = one.split(' ');
  const ask = asks[operation];
  const known = special[one];
  if (known) return known;
  const kind = wrongSort[operation];
  if (error === 'UnsupportedOperationException' && ask && kind) return ({ kms }) => ask[1](kms, keys[kind], {});
  const mistake = common[error];
  return mistake && ask && ((copy) => mistake(copy, ask));
}

describe('What goes wrong inside AWS can be planned', () => {
  const pairs = documented.filter((one) => planned.test(one) && asks[one.split(' ')[0] ?? '']);

  it.each(pairs)('%s', async (one) => {
    const [operation, code = ''] = one.split(' ') as [OperationName, string];
    const [kind, ask] = asks[operation] as Ask;
    on.emulator.conditions.fault(operation, { code });
    const call = ask(on.kms, keys[kind], {});
    await expect(call).rejects.toMatchObject({ name: code, $metadata: { httpStatusCode: 500 } });
  });
});

describe('Every error that AWS documents for an operation', () => {
  const pairs = documented.filter((one) => !planned.test(one) && !never.some(([which]) => which.test(one)));

  it('has a call that brings it about, or a reason why none does', () => {
    expect(pairs.length).toBeGreaterThan(200);
    expect(pairs.filter((one) => provocation(one) === undefined)).toEqual([]);
  });

  it.each(pairs.filter((one) => provocation(one) !== undefined))('%s', async (one) => {
    const copy = inACopy(on);
    const name = await (provocation(one) as (on: InACopy) => Promise<unknown>)(copy).then(
      () => 'no error',
      (error: Error) => error.name,
    );
    expect(name).toBe(one.split(' ')[1]);
    await copy.emulator.close();
  });
});
