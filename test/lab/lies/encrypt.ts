import { randomBytes } from 'node:crypto';
import type { Lie } from '../liar.js';
import { afterEncrypt, type Case, otherKey } from './case.js';

const empty = new Uint8Array(0);

/** A KMS that keeps the plaintext in sight behind `header` bytes of something else. */
function readable(header: () => Uint8Array): Lie {
  const keys = new Map<number, string>();
  return {
    async Encrypt(kms, input) {
      const { KeyId } = await kms.encrypt(input);
      const blob = Buffer.concat([header(), input.Plaintext ?? Buffer.alloc(0)]);
      keys.set(blob.length, KeyId ?? '');
      return { KeyId: KeyId ?? '', CiphertextBlob: blob };
    },
    async Decrypt(_kms, { CiphertextBlob: blob = Buffer.alloc(0) }) {
      return { KeyId: keys.get(blob.length) ?? '', Plaintext: blob.subarray(header().length) };
    },
  };
}

export const aboutCiphertexts: Case[] = [
  {
    lie: 'returns the plaintext as ciphertext',
    of: () => readable(() => new Uint8Array(0)),
    fails: [
      'the plaintext does not stand in the ciphertext',
      'the same file encrypted again gives another ciphertext',
      'the ciphertext is longer than the plaintext',
    ],
    skips: afterEncrypt,
  },
  {
    lie: 'returns the plaintext behind a fresh nonce',
    of: () => readable(() => randomBytes(12)),
    fails: ['the plaintext does not stand in the ciphertext'],
    skips: afterEncrypt,
  },
  {
    lie: 'encrypts under another key',
    of: () => ({ Encrypt: async (kms, input) => kms.encrypt({ ...input, KeyId: await otherKey(kms) }) }),
    fails: ['the answer names the key by its ARN'],
    skips: afterEncrypt,
  },
  {
    lie: 're-encrypts under another key',
    of: () => ({
      ReEncrypt: async (kms, input) => kms.reEncrypt({ ...input, DestinationKeyId: await otherKey(kms) }),
    }),
    fails: ['the answer names the destination key'],
    skips: [],
  },
  {
    lie: 'gives the same ciphertext twice',
    of: () => {
      const known = new Map<string, Promise<object>>();
      return {
        Encrypt: (kms, input) => {
          const question = JSON.stringify(input);
          const answer = known.get(question) ?? kms.encrypt(input);
          known.set(question, answer);
          return answer;
        },
      };
    },
    fails: ['the same file encrypted again gives another ciphertext'],
    skips: afterEncrypt,
  },
  {
    lie: 'accepts 4,097 bytes',
    of: () => ({
      Encrypt: (kms, { Plaintext, ...input }) => kms.encrypt({ ...input, Plaintext: Plaintext?.subarray(0, 4096) }),
    }),
    fails: ['4,097 bytes are refused'],
    skips: [],
  },
  {
    lie: 'stops at 4,095 bytes',
    of: () => ({
      Encrypt: (kms, input) =>
        kms.encrypt((input.Plaintext?.length ?? 0) > 4095 ? { ...input, Plaintext: randomBytes(5000) } : input),
    }),
    fails: ['KMS answers every call of this step'],
    skips: [],
  },
  {
    lie: 'shows the plaintext while it re-encrypts',
    of: () => ({
      async ReEncrypt(kms, { SourceEncryptionContext, ...input }) {
        const { Plaintext } = await kms.decrypt({
          CiphertextBlob: input.CiphertextBlob,
          EncryptionContext: SourceEncryptionContext,
        });
        const answer = await kms.reEncrypt({ ...input, SourceEncryptionContext });
        return { ...answer, CiphertextBlob: Buffer.concat([answer.CiphertextBlob ?? empty, Plaintext ?? empty]) };
      },
    }),
    fails: ['the plaintext does not stand in the new ciphertext', 'the new context opens it'],
    skips: [],
  },
];
