import type { KMS } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey } from '../../support/new-keys.js';

const who = { accessKeyId: 'NOBODY', secretAccessKey: 'secret' };
let on: KmsUnderTest;
/** A key of each kind that operations need. */
let keys: Record<'symmetric' | 'rsa' | 'signer' | 'hmac' | 'agreement' | 'kem', string>;
let peer: Uint8Array;
beforeAll(async () => {
  on = await kmsUnderTest({ identities: [{ ...who, arn: 'arn:aws:iam::111122223333:user/nobody', policies: [] }] });
  const { kms } = on;
  keys = {
    symmetric: await on.key(),
    rsa: await newKey(kms, 'RSA_2048', 'ENCRYPT_DECRYPT'),
    signer: await newKey(kms, 'ECC_NIST_P256', 'SIGN_VERIFY'),
    hmac: await newKey(kms, 'HMAC_256', 'GENERATE_VERIFY_MAC'),
    agreement: await newKey(kms, 'ECC_NIST_P256', 'KEY_AGREEMENT'),
    kem: await newKey(kms, 'ML_KEM_512', 'ENCAPSULATE_DECAPSULATE'),
  };
  peer = (await kms.getPublicKey({ KeyId: keys.agreement })).PublicKey as Uint8Array;
});
afterAll(() => on.close());

const bytes = Buffer.from('hi');
const oaep = { EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
const ecdsa = { Message: bytes, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
const hmac = { Message: bytes, MacAlgorithm: 'HMAC_SHA_256' } as const;
const kem = { EncapsulationAlgorithm: 'ML_KEM' } as const;
const pair = { KeyPairSpec: 'ECC_NIST_P256' } as const;

type Call = (kms: KMS, KeyId: string) => Promise<unknown>;
const calls: [string, keyof typeof keys, Call][] = [
  ['Encrypt', 'symmetric', (kms, KeyId) => kms.encrypt({ KeyId, Plaintext: bytes })],
  ['Decrypt', 'symmetric', (kms, KeyId) => kms.decrypt({ KeyId, CiphertextBlob: bytes })],
  ['Encrypt', 'rsa', (kms, KeyId) => kms.encrypt({ KeyId, Plaintext: bytes, ...oaep })],
  ['Decrypt', 'rsa', (kms, KeyId) => kms.decrypt({ KeyId, CiphertextBlob: bytes, ...oaep })],
  [
    'ReEncrypt',
    'symmetric',
    (kms, KeyId) => kms.reEncrypt({ SourceKeyId: KeyId, DestinationKeyId: KeyId, CiphertextBlob: bytes }),
  ],
  ['GenerateDataKey', 'symmetric', (kms, KeyId) => kms.generateDataKey({ KeyId, NumberOfBytes: 1 })],
  [
    'GenerateDataKeyWithoutPlaintext',
    'symmetric',
    (kms, KeyId) => kms.generateDataKeyWithoutPlaintext({ KeyId, NumberOfBytes: 1 }),
  ],
  ['GenerateDataKeyPair', 'symmetric', (kms, KeyId) => kms.generateDataKeyPair({ KeyId, ...pair })],
  [
    'GenerateDataKeyPairWithoutPlaintext',
    'symmetric',
    (kms, KeyId) => kms.generateDataKeyPairWithoutPlaintext({ KeyId, ...pair }),
  ],
  ['Sign', 'signer', (kms, KeyId) => kms.sign({ KeyId, ...ecdsa })],
  ['Verify', 'signer', (kms, KeyId) => kms.verify({ KeyId, ...ecdsa, Signature: bytes })],
  ['GenerateMac', 'hmac', (kms, KeyId) => kms.generateMac({ KeyId, ...hmac })],
  ['VerifyMac', 'hmac', (kms, KeyId) => kms.verifyMac({ KeyId, ...hmac, Mac: bytes })],
  [
    'DeriveSharedSecret',
    'agreement',
    (kms, KeyId) => kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: peer }),
  ],
  ['Encapsulate', 'kem', (kms, KeyId) => kms.encapsulate({ KeyId, ...kem })],
  [
    'Decapsulate',
    'kem',
    (kms, KeyId) => kms.decapsulate({ KeyId, ...kem, SharedSecretCiphertextBlob: Buffer.alloc(768) }),
  ],
];

const nobody = '00000000-0000-0000-0000-000000000000';

describe.each(calls)('%s with a %s key', (_name, kind, call) => {
  it('is refused while the key is disabled', async () => {
    const KeyId = keys[kind];
    await on.kms.disableKey({ KeyId });
    const refused = { name: 'DisabledException', message: expect.stringMatching(`key/${KeyId} is disabled.$`) };
    await expect(call(on.kms, KeyId)).rejects.toMatchObject(refused);
    await on.kms.enableKey({ KeyId });
  });

  it('is refused while the key is pending deletion', async () => {
    const KeyId = keys[kind];
    await on.kms.scheduleKeyDeletion({ KeyId });
    const refused = {
      name: 'KMSInvalidStateException',
      message: expect.stringMatching(`key/${KeyId} is pending deletion.$`),
    };
    await expect(call(on.kms, KeyId)).rejects.toMatchObject(refused);
    await on.kms.cancelKeyDeletion({ KeyId });
    await on.kms.enableKey({ KeyId });
  });

  it('takes all four forms of a key id, and knows no key that is not there', async () => {
    const answer = (KeyId: string) =>
      call(on.kms, KeyId).then(
        () => 'done',
        (error: Error) => error.name,
      );
    const { KeyMetadata } = await on.kms.describeKey({ KeyId: keys[kind] });
    const AliasName = `alias/${kind}`;
    await on.kms.createAlias({ AliasName, TargetKeyId: keys[kind] });
    const expected = await answer(keys[kind]);
    const arn = KeyMetadata?.Arn as string;
    for (const id of [arn, AliasName, arn.replace(/key\/.*/, AliasName)]) expect(await answer(id)).toBe(expected);
    await on.kms.deleteAlias({ AliasName });
    for (const id of [nobody, arn.replace(/key\/.*/, `key/${nobody}`), AliasName]) {
      expect(await answer(id)).toBe('NotFoundException');
    }
  });

  it('is not for everyone: who has no permission is told which one', async () => {
    const stranger = on.as(who);
    const denied = {
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /^User: arn:aws:iam::111122223333:user\/nobody is not authorized to perform: kms:/,
      ),
    };
    await expect(call(stranger, keys[kind])).rejects.toMatchObject(denied);
  });
});

describe('GetPublicKey', () => {
  it('is refused while the key is pending deletion', async () => {
    const KeyId = keys.signer;
    await on.kms.scheduleKeyDeletion({ KeyId });
    await expect(on.kms.getPublicKey({ KeyId })).rejects.toMatchObject({ name: 'KMSInvalidStateException' });
  });
});
