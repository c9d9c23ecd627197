import { randomBytes } from 'node:crypto';
import type { KeyMetadata } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { type Lie, liar } from './liar.js';
import { openRoom, type Room } from './room.js';

const all = ['1.1', '1.2', '1.3', '1.4', '1.5', '1.6', '1.7', '1.8'];
/** Steps that use the plaintext or the blob of 1.2, and those that use what these return. */
const afterEncrypt = ['1.3', '1.4', '1.5', '1.6', '1.8'];

const empty = new Uint8Array(0);
const flipped = (bytes: Uint8Array = new Uint8Array(1)) => {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};
const otherKey = async (kms: Room['kms']) => (await kms.createKey({})).KeyMetadata?.Arn ?? '';
const metadata = (lies: Partial<KeyMetadata>): Lie => ({
  DescribeKey: async (kms, input) => {
    const { KeyMetadata: key } = await kms.describeKey(input);
    return { KeyMetadata: { ...key, ...lies } as KeyMetadata };
  },
});

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

interface Case {
  lie: string;
  of: () => Lie;
  /** Exactly these claims fail. */
  fails: string[];
  skips: string[];
}

const cases: Case[] = [
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
    lie: 'encrypts under another key',
    of: () => ({ Encrypt: async (kms, input) => kms.encrypt({ ...input, KeyId: await otherKey(kms) }) }),
    fails: ['the answer names the key by its ARN'],
    skips: afterEncrypt,
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
  ...(
    [
      ['it is Enabled', { KeyState: 'Disabled' }],
      ['it is Enabled', { KeyState: 'PendingDeletion' }],
      ['its spec is SYMMETRIC_DEFAULT (AES-256-GCM)', { KeySpec: 'RSA_2048' }],
      ['its usage is ENCRYPT_DECRYPT', { KeyUsage: 'SIGN_VERIFY' }],
      ['AWS KMS made its key material', { Origin: 'EXTERNAL' }],
      ['you manage it, not an AWS service', { KeyManager: 'AWS' }],
      ['alias/kms-lab-symmetric-key names it', { KeyId: '00000000-0000-4000-8000-000000000000' }],
    ] as const
  ).map(([claim, lies]) => ({
    lie: `says ${JSON.stringify(lies)}`,
    of: () => metadata(lies),
    fails: [claim],
    skips: all.slice(1),
  })),
];

describe('symmetric fails against a KMS that', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it.each(cases)('$lie', async ({ of, fails, skips }) => {
    const told = await room.run(symmetric, { between: liar(room.kms, of()) });
    expect(told.claims('failed')).toEqual(fails);
    expect(told.steps('skipped')).toEqual(skips);
    expect(told.end).toMatchObject({ outcome: 'failed', claims: { failed: fails.length } });
    // A lie is a result, not an error: nothing else went wrong.
    expect(told.error).toBeUndefined();
    const failedIn = new Set(told.of('claim').flatMap(({ step, outcome }) => (outcome === 'failed' ? [step] : [])));
    expect(told.steps('failed')).toEqual([...failedIn]);
  });

  it('tells the truth in every other respect: the room itself passes', async () => {
    const told = await room.run(symmetric, { between: liar(room.kms, {}) });
    expect(told.steps('passed')).toEqual(all);
  });
});
