import type { Lie } from '../liar.js';
import type { Case } from './case.js';

const ignoresContextWhen: Record<'decrypting' | 'encrypting', () => Lie> = {
  encrypting: () => ({
    Encrypt: (kms, { EncryptionContext: _, ...input }) => kms.encrypt(input),
    Decrypt: (kms, { EncryptionContext: _, ...input }) => kms.decrypt(input),
    ReEncrypt: (kms, { SourceEncryptionContext: _, DestinationEncryptionContext: __, ...input }) =>
      kms.reEncrypt(input),
  }),
  decrypting: () => {
    const contexts: (Record<string, string> | undefined)[] = [];
    return {
      Encrypt: (kms, input) => {
        contexts.push(input.EncryptionContext);
        return kms.encrypt(input);
      },
      async Decrypt(kms, input) {
        const tries = contexts.map((context) =>
          kms.decrypt({ ...input, ...(context && { EncryptionContext: context }) }),
        );
        return await Promise.any(tries).catch(() => kms.decrypt(input));
      },
    };
  },
};

export const aboutContexts: Case[] = [
  {
    lie: 'ignores the encryption context',
    of: ignoresContextWhen.encrypting,
    fails: ['another context is refused', 'no context is refused'],
    skips: ['1.8'],
  },
  {
    lie: 'binds the context and asks nobody for it',
    of: ignoresContextWhen.decrypting,
    fails: ['another context is refused', 'no context is refused'],
    skips: ['1.8'],
  },
  {
    lie: 'opens a bound ciphertext when no context is given',
    of: () => {
      let bound: Record<string, string> | undefined;
      return {
        Encrypt: (kms, input) => {
          bound = input.EncryptionContext ?? bound;
          return kms.encrypt(input);
        },
        Decrypt: (kms, input) =>
          input.EncryptionContext || !bound
            ? kms.decrypt(input)
            : kms.decrypt({ ...input, EncryptionContext: bound }).catch(() => kms.decrypt(input)),
      };
    },
    fails: ['no context is refused'],
    skips: ['1.8'],
  },
  {
    lie: 'cares for the order of a context',
    of: () => ({
      Decrypt: (kms, input) => {
        const [first] = Object.keys(input.EncryptionContext ?? {});
        return kms.decrypt(first === 'purpose' ? { ...input, EncryptionContext: { order: 'wrong' } } : input);
      },
    }),
    fails: ['the order of its pairs does not matter'],
    skips: ['1.8'],
  },
  {
    lie: 'keeps the old context when it re-encrypts',
    of: () => ({
      ReEncrypt: (kms, { DestinationEncryptionContext: _, ...input }) =>
        kms.reEncrypt({ ...input, DestinationEncryptionContext: input.SourceEncryptionContext }),
    }),
    fails: ['the new context opens it', 'the old context no longer does'],
    skips: [],
  },
  {
    lie: 're-encrypts without any context',
    of: () => ({
      ReEncrypt: (kms, { DestinationEncryptionContext: _, ...input }) => kms.reEncrypt(input),
    }),
    fails: ['the new context opens it'],
    skips: [],
  },
];
