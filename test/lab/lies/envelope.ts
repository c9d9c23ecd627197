import { randomBytes } from 'node:crypto';
import type { GenerateDataKeyResponse } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, flipped, otherKey, refuse, since } from './case.js';

const all = ['5.3', '5.4', '5.5', '5.6', '5.7'];

/** The nth data key, from 1, is not what its wrapped form holds. */
const otherPlaintext = (nth: number): Lie => {
  let asked = 0;
  return {
    GenerateDataKey: async (kms, input) => {
      const answer = await kms.generateDataKey(input);
      return ++asked === nth ? { ...answer, Plaintext: randomBytes(32) } : answer;
    },
  };
};

const without = <Input extends { EncryptionContext?: unknown }>({ EncryptionContext: _, ...input }: Input) => input;

/** Wraps a data key, from the nth on, by writing it down beside what it is wrapped to. */
const writtenDown = (nth: number): Lie => {
  let asked = 0;
  const wrapped = new Map<string, Uint8Array | undefined>();
  return {
    GenerateDataKey: async (kms, input) => {
      const {
        Plaintext = new Uint8Array(0),
        CiphertextBlob: blob = Plaintext,
        ...answer
      } = await kms.generateDataKey(input);
      if (++asked < nth) return { ...answer, Plaintext, CiphertextBlob: blob };
      const CiphertextBlob = Buffer.concat([blob, Plaintext]);
      wrapped.set(CiphertextBlob.toString('base64'), blob);
      return { ...answer, Plaintext, CiphertextBlob };
    },
    Decrypt: (kms, input) => {
      const blob = wrapped.get(Buffer.from(input.CiphertextBlob ?? []).toString('base64'));
      return kms.decrypt({ ...input, CiphertextBlob: blob ?? input.CiphertextBlob });
    },
  };
};

/** Takes the key of the message of the AWS Encryption SDK for another's, or does not open it a second time. */
const ofMessage = (does: 'names another key' | 'opens once'): Lie => {
  let asked = 0;
  let opened = 0;
  return {
    GenerateDataKey: async (kms, input) => {
      const answer = await kms.generateDataKey(input);
      return ++asked === 5 && does === 'names another key' ? { ...answer, KeyId: await otherKey(kms) } : answer;
    },
    Decrypt: async (kms, input) => {
      if (asked === 5 && does === 'opens once' && ++opened === 2) return refuse('InvalidCiphertextException');
      return await kms.decrypt(input);
    },
  };
};

export const aboutDataKeys: Case[] = [
  {
    lie: 'leads the alias to a key of another kind',
    of: () => ({ DescribeKey: async () => ({ KeyMetadata: { KeyId: 'another', KeySpec: 'RSA_2048' } }) }),
    fails: ['alias/kms-lab-envelope-key names it', 'its spec is SYMMETRIC_DEFAULT (AES-256-GCM)'],
    skips: ['5.2', ...all],
  },
  {
    lie: 'wraps the data key of the file by writing it down',
    of: () => writtenDown(3),
    fails: ['the plaintext key does not stand in it'],
    skips: [],
  },
  {
    lie: 'asks for no context any more',
    of: () =>
      since('GenerateDataKeyWithoutPlaintext', {
        GenerateDataKey: (kms, input) => kms.generateDataKey(without(input)),
        Decrypt: (kms, input) => kms.decrypt(without(input)).catch(() => kms.decrypt(input)),
      }),
    fails: ['refused: another encryption context'],
    skips: ['5.6', '5.7'],
  },
  {
    lie: 'names another key to the AWS Encryption SDK',
    of: () => ofMessage('names another key'),
    fails: [
      'its message names the KMS key',
      'it opens its message',
      'what comes out is what went in',
      'and says in which context',
    ],
    skips: [],
  },
  {
    lie: 'opens a message once',
    of: () => ofMessage('opens once'),
    fails: ['a message changed by one bit is refused'],
    skips: [],
  },
  {
    lie: 'gives a data key and wraps another',
    of: () => otherPlaintext(1),
    fails: ['KMS unwraps it: the same key'],
    skips: all,
  },
  {
    lie: 'does so for the file alone',
    of: () => otherPlaintext(3),
    fails: ['the tag is right: nothing was changed', 'what comes out has the same SHA-256'],
    skips: [],
  },
  {
    lie: 'does so for the AWS Encryption SDK',
    of: () => otherPlaintext(5),
    fails: ['it opens its message', 'what comes out is what went in', 'and says in which context'],
    skips: [],
  },
  {
    lie: 'does so when the AWS Encryption SDK keeps the key in its cache',
    of: () => otherPlaintext(6),
    fails: ['nothing is refused in this step'],
    skips: [],
  },
  {
    lie: 'unwraps to another key, once the file is encrypted',
    of: () => {
      let asked = 0;
      return {
        Decrypt: async (kms, input) => {
          const answer = await kms.decrypt(input);
          return input.EncryptionContext && ++asked === 3 ? { ...answer, Plaintext: randomBytes(32) } : answer;
        },
      };
    },
    fails: ['the tag is right: nothing was changed', 'what comes out has the same SHA-256'],
    skips: [],
  },
  {
    lie: 'ignores the encryption context',
    of: () => ({
      GenerateDataKey: (kms, input) => kms.generateDataKey(without(input)),
      GenerateDataKeyWithoutPlaintext: (kms, input) => kms.generateDataKeyWithoutPlaintext(without(input)),
      Decrypt: (kms, input) => kms.decrypt(without(input)),
    }),
    fails: ['in another context it does not', 'without a context it does not'],
    skips: all,
  },
  {
    lie: 'gives everybody the same data key',
    of: () => {
      let first: Promise<GenerateDataKeyResponse> | undefined;
      return {
        GenerateDataKey: (kms, input) => {
          first ??= kms.generateDataKey(input);
          return first;
        },
      };
    },
    fails: ['asked again, KMS gives another data key'],
    skips: all,
  },
  {
    lie: 'gives 128 bits for 256',
    of: () => ({
      GenerateDataKey: (kms, { KeySpec: _, NumberOfBytes: __, ...input }) =>
        kms.generateDataKey({ ...input, KeySpec: 'AES_128' }),
      GenerateDataKeyWithoutPlaintext: (kms, { KeySpec: _, NumberOfBytes: __, ...input }) =>
        kms.generateDataKeyWithoutPlaintext({ ...input, KeySpec: 'AES_128' }),
    }),
    fails: ['the data key has 256 bits', 'a data key for later comes wrapped, and is unwrapped when it is needed'],
    skips: all,
  },
  {
    lie: 'wraps a data key by writing it down',
    of: () => writtenDown(1),
    fails: ['it does not stand in its wrapped form'],
    skips: all,
  },
  {
    lie: 'wraps under another key than it says',
    of: () => ({
      GenerateDataKey: async (kms, input) => ({ ...(await kms.generateDataKey(input)), KeyId: await otherKey(kms) }),
    }),
    fails: ['the answer names the KMS key'],
    skips: all,
  },
  {
    lie: 'wraps the data key of before for later',
    of: () => {
      let before: GenerateDataKeyResponse | undefined;
      return {
        GenerateDataKey: async (kms, input) => {
          const answer = await kms.generateDataKey(input);
          before ??= answer;
          return answer;
        },
        GenerateDataKeyWithoutPlaintext: async (kms, input) => before ?? kms.generateDataKeyWithoutPlaintext(input),
      };
    },
    fails: ['it is a data key of its own'],
    skips: all,
  },
  {
    lie: 'unwraps a key that was changed',
    of: () => ({
      Decrypt: (kms, input) =>
        kms.decrypt(input).catch((refusal) =>
          kms.decrypt({ ...input, CiphertextBlob: flipped(input.CiphertextBlob) }).catch(() => {
            throw refusal;
          }),
        ),
    }),
    fails: ['refused: a bit of the wrapped key'],
    skips: ['5.6', '5.7'],
  },
];
