import { generateKeyPairSync } from 'node:crypto';
import type { DecryptCommandInput, KMS } from '@aws-sdk/client-kms';
import { hasOpenSsl } from '../../../support/on-path.js';
import { type Case, flipped, otherKey } from '../case.js';
import { keyOfOneCiphertext } from './crafted.js';

/** Steps that use the public key of 2.2, or what such steps return. */
const afterPublicKey = ['2.3', '2.4', '2.5'];

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ type: 'spki', format: 'der' });

const isRsa = async (kms: KMS, KeyId?: string) =>
  (await kms.describeKey({ KeyId })).KeyMetadata?.KeySpec === 'RSA_2048';

/** Decrypt with RSAES_OAEP_SHA_256, whatever is asked for. */
const sha256 = (kms: KMS, input: DecryptCommandInput) =>
  kms.decrypt({ ...input, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' });

export const aboutRsa: Case[] = [
  {
    lie: 'says that the key is another',
    of: () => ({
      async DescribeKey(kms, input) {
        const { KeyMetadata: key } = await kms.describeKey(input);
        const other = { KeyId: 'another', KeyState: 'Disabled', KeySpec: 'RSA_4096', KeyUsage: 'SIGN_VERIFY' } as const;
        return { KeyMetadata: { ...key, ...other, EncryptionAlgorithms: ['RSAES_OAEP_SHA_256'] } };
      },
    }),
    fails: [
      'alias/kms-lab-asymmetric-key names it',
      'it is Enabled',
      'its spec is RSA_2048',
      'its usage is ENCRYPT_DECRYPT',
      'it knows RSAES_OAEP_SHA_1 and RSAES_OAEP_SHA_256',
    ],
    skips: ['2.2', ...afterPublicKey, '2.6'],
  },
  {
    lie: 'returns the public key of another pair',
    of: () => ({
      async GetPublicKey(kms, input) {
        const answer = await kms.getPublicKey(input);
        return answer.KeySpec === 'RSA_2048' ? { ...answer, PublicKey: rsa(2048) } : answer;
      },
    }),
    fails: ['KMS answers every call of this step'],
    skips: [],
  },
  {
    lie: 'returns a public key that makes the same ciphertext of everything',
    of: () => ({
      async GetPublicKey(kms, input) {
        const answer = await kms.getPublicKey(input);
        return answer.KeySpec === 'RSA_2048' ? { ...answer, PublicKey: keyOfOneCiphertext() } : answer;
      },
    }),
    fails: [
      'encrypted again it gives other bytes: OAEP is random',
      ...(hasOpenSsl ? ['OpenSSL encrypts it to other bytes, too'] : []),
    ],
    skips: ['2.4', '2.5'],
  },
  {
    lie: 'returns a public key of half the size',
    of: () => ({
      async GetPublicKey(kms, input) {
        const answer = await kms.getPublicKey(input);
        return answer.KeySpec === 'RSA_2048' ? { ...answer, PublicKey: rsa(1024) } : answer;
      },
    }),
    fails: ['it is an RSA public key of 2,048 bits'],
    skips: afterPublicKey,
  },
  {
    lie: 'returns a damaged public key',
    of: () => ({
      async GetPublicKey(kms, input) {
        const { PublicKey = new Uint8Array(), ...answer } = await kms.getPublicKey(input);
        return { ...answer, PublicKey: answer.KeySpec === 'RSA_2048' ? PublicKey.subarray(1) : PublicKey };
      },
    }),
    fails: ['it is an RSA public key of 2,048 bits', 'the PEM file holds the same key'],
    skips: afterPublicKey,
  },
  {
    lie: 'ignores the algorithm when it decrypts',
    of: () => ({
      Decrypt: (kms, input) => sha256(kms, input).catch(() => kms.decrypt(input)),
    }),
    fails: ['the other hash does not open it', 'no algorithm means SYMMETRIC_DEFAULT: refused'],
    skips: [],
  },
  {
    lie: 'takes the only algorithm that fits when none is named',
    of: () => ({
      Decrypt: (kms, input) => (input.EncryptionAlgorithm ? kms.decrypt(input) : sha256(kms, input)),
    }),
    fails: ['no algorithm means SYMMETRIC_DEFAULT: refused'],
    skips: [],
  },
  {
    lie: 'says that it opened with another key and algorithm',
    of: () => ({
      Decrypt: async (kms, input) => ({
        ...(await kms.decrypt(input)),
        KeyId: await otherKey(kms),
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      }),
    }),
    fails: ['the answer names the key', 'it was opened with RSAES_OAEP_SHA_256'],
    skips: [],
  },
  {
    lie: 'forgives a flipped bit',
    of: () => ({
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch((refusal) =>
          kms.decrypt({ ...input, CiphertextBlob: flipped(input.CiphertextBlob) }).catch(() => {
            throw refusal;
          }),
        ),
    }),
    fails: ['a changed ciphertext is refused'],
    skips: [],
  },
  {
    lie: 'returns damaged plaintext',
    of: () => ({
      async Decrypt(kms, input) {
        const { Plaintext, ...answer } = await kms.decrypt(input);
        return { ...answer, Plaintext: flipped(Plaintext) };
      },
    }),
    fails: [
      'KMS opens what Node.js encrypted, byte for byte',
      ...(hasOpenSsl ? ['KMS opens what OpenSSL encrypted'] : []),
      'RSAES_OAEP_SHA_1: 214 bytes are encrypted, and come back',
      'RSAES_OAEP_SHA_256: 190 bytes are encrypted, and come back',
    ],
    skips: [],
  },
  {
    lie: 'has no limits',
    of: () => ({
      Encrypt: (kms, { Plaintext, ...input }) => kms.encrypt({ ...input, Plaintext: Plaintext?.subarray(0, 190) }),
    }),
    fails: [
      'RSAES_OAEP_SHA_1: 214 bytes are encrypted, and come back',
      'RSAES_OAEP_SHA_1: 215 bytes are refused',
      'RSAES_OAEP_SHA_256: 191 bytes are refused',
    ],
    skips: [],
  },
  {
    lie: 'has the limit of SHA-1 for both hashes',
    of: () => ({
      Encrypt: (kms, input) =>
        (input.Plaintext?.length ?? 0) > 214
          ? kms.encrypt(input)
          : kms.encrypt({ ...input, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' }),
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch(() => kms.decrypt({ ...input, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' })),
    }),
    fails: ['no algorithm means SYMMETRIC_DEFAULT: refused', 'RSAES_OAEP_SHA_256: 191 bytes are refused'],
    skips: [],
  },
  {
    lie: 'lets a key for encryption sign',
    of: () => ({
      Sign: async (kms, input) =>
        (await isRsa(kms, input.KeyId))
          ? { KeyId: input.KeyId, Signature: new Uint8Array(256), SigningAlgorithm: input.SigningAlgorithm }
          : kms.sign(input),
    }),
    fails: ['a key that decrypts does not sign'],
    skips: [],
  },
];
