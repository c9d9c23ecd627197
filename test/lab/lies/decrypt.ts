import { randomBytes } from 'node:crypto';
import type { Lie } from '../liar.js';
import { type Case, flipped, otherKey } from './case.js';

export const aboutPlaintexts: Case[] = [
  {
    lie: 'accepts a flipped byte',
    of: () => ({
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch((refusal) =>
          kms.decrypt({ ...input, CiphertextBlob: flipped(input.CiphertextBlob) }).catch(() => {
            throw refusal;
          }),
        ),
    }),
    fails: ['the last byte changed by one bit is refused'],
    skips: [],
  },
  {
    lie: 'refuses a flipped byte for another reason',
    of: () => ({
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch((refusal) => {
          throw input.EncryptionContext ? refusal : Object.assign(refusal, { name: 'IncorrectKeyException' });
        }),
    }),
    fails: ['no context is refused', 'the last byte changed by one bit is refused'],
    skips: ['1.8'],
  },
  {
    lie: 'decrypts with another key than the blob names',
    of: () => ({
      Decrypt: async (kms, input) => ({ ...(await kms.decrypt(input)), KeyId: await otherKey(kms) }),
    }),
    fails: ['the answer names the key that opened it'],
    skips: ['1.4'],
  },
  {
    lie: 'opens with another algorithm',
    of: () => ({
      Decrypt: async (kms, input) => ({
        ...(await kms.decrypt(input)),
        EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' as const,
      }),
    }),
    fails: ['it was opened with SYMMETRIC_DEFAULT'],
    skips: ['1.4'],
  },
  ...[
    { lie: 'returns damaged plaintext', damage: flipped },
    { lie: 'returns plaintext that is cut short', damage: (bytes: Uint8Array) => bytes.subarray(0, -1) },
    { lie: 'returns plaintext and more', damage: (bytes: Uint8Array) => Buffer.concat([bytes, Buffer.alloc(1)]) },
    { lie: 'returns the plaintext of somebody else', damage: (bytes: Uint8Array) => randomBytes(bytes.length) },
  ].map(({ lie, damage }) => ({
    lie,
    of: (): Lie => ({
      Decrypt: async (kms, input) => {
        const { Plaintext = new Uint8Array(1), ...answer } = await kms.decrypt(input);
        return { ...answer, Plaintext: damage(Plaintext) };
      },
    }),
    fails: [
      'the decrypted file is the original, byte for byte',
      'both have the same SHA-256',
      'the same context opens it',
      'the order of its pairs does not matter',
      '4,096 bytes are encrypted, and come back',
    ],
    skips: ['1.8'],
  })),
];
