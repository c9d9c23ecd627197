import crypto from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { vi } from 'vitest';
import type { Between } from '../room.js';

/** What a machine does instead of what it is asked to, from one of the data keys on; `honest` does it. */
interface Deeds {
  createCipheriv?: (honest: () => crypto.CipherGCM) => object;
  createDecipheriv?: (honest: () => crypto.DecipherGCM) => object;
  randomBytes?: (size: number) => Buffer;
  /** Whether a buffer that is filled with zeros is zeroed. */
  zeroes?: false;
  /** The learner's file grows. */
  grows?: true;
}

/** A way in which the learner's own machine lies, or somebody else on it, and how the lab notices. */
export interface MachineCase {
  lie: string;
  /** It is honest until KMS has given this many data keys in the clear; what KMS itself does stays true. */
  from: number;
  deeds: Deeds;
  /** Exactly these claims fail. */
  fails: string[];
  skips: string[];
}

/** All typed arrays but those of Node.js itself are filled by this one's `fill`. */
const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as Uint8Array;

/** Let the machine lie: `between` stands before KMS and counts its data keys; `restore` ends it. `path` is the learner's file. */
export function lyingMachine({ from, deeds }: MachineCase, path: string): { between: Between; restore(): void } {
  let given = 0;
  let inKms = false;
  const lies = () => given >= from && !inKms;
  const { createCipheriv, createDecipheriv, randomBytes } = crypto;
  const { fill } = typedArray;
  const calling = (honest: unknown, ...input: unknown[]) => (honest as (...input: unknown[]) => never)(...input);
  const spies = [
    vi.spyOn(crypto, 'createCipheriv').mockImplementation(((...input: unknown[]) => {
      const honest = () => calling(createCipheriv, ...input);
      return deeds.createCipheriv && lies() ? deeds.createCipheriv(honest) : honest();
    }) as never),
    vi.spyOn(crypto, 'createDecipheriv').mockImplementation(((...input: unknown[]) => {
      const honest = () => calling(createDecipheriv, ...input);
      return deeds.createDecipheriv && lies() ? deeds.createDecipheriv(honest) : honest();
    }) as never),
    vi
      .spyOn(crypto, 'randomBytes')
      .mockImplementation(((size: number, ...then: unknown[]) =>
        deeds.randomBytes && lies() ? deeds.randomBytes(size) : calling(randomBytes, size, ...then)) as never),
    vi.spyOn(typedArray, 'fill').mockImplementation(function (this: Uint8Array, ...input) {
      return deeds.zeroes === false && lies() && input[0] === 0 ? this : fill.apply(this, input);
    }),
  ];
  syncBuiltinESMExports();
  return {
    async between({ operation, pass }) {
      inKms = true;
      const answer = await pass().finally(() => {
        inKms = false;
      });
      if (operation === 'GenerateDataKey' && ++given === from && deeds.grows) appendFileSync(path, 'more');
      return answer;
    },
    restore() {
      for (const spy of spies) spy.mockRestore();
      syncBuiltinESMExports();
      vi.useRealTimers();
    },
  };
}

/** What is in the cache is good for ten. */
const elevenMinutesPass = () => vi.setSystemTime(Date.now() + 11 * 60_000);

export const aboutTheMachine: MachineCase[] = [
  {
    lie: 'has somebody who writes into the file meanwhile',
    from: 3,
    deeds: { grows: true },
    fails: ['the envelope is longer by header and tag'],
    skips: ['5.4', '5.5', '5.6', '5.7'],
  },
  {
    lie: 'encrypts nothing and zeroes nothing',
    from: 3,
    deeds: {
      zeroes: false,
      createCipheriv: () => ({
        setAAD() {},
        update: (piece: Uint8Array) => Buffer.from(piece),
        final: () => Buffer.alloc(0),
        getAuthTag: () => Buffer.alloc(16),
      }),
    },
    fails: ['its body is not the file', 'the buffer of the plaintext key is zeroed'],
    skips: ['5.4', '5.5', '5.6', '5.7'],
  },
  {
    lie: 'takes every tag for right',
    from: 4,
    deeds: {
      createDecipheriv: (honest) => Object.assign(honest(), { final: () => Buffer.alloc(0) }),
    },
    fails: [
      'refused: a bit of the body',
      'refused: a bit of the tag',
      'refused: a bit of the header (its nonce)',
      'refused: the end cut off',
      'none left an output, not even a temporary one',
    ],
    skips: ['5.6', '5.7'],
  },
  {
    lie: 'takes eleven minutes for each file, has the same random bytes always, and decrypts to other bytes',
    from: 6,
    deeds: {
      randomBytes: (size) => {
        elevenMinutesPass();
        return Buffer.alloc(size, 7);
      },
      createDecipheriv: (honest) => {
        elevenMinutesPass();
        const decipher = honest();
        const update = decipher.update.bind(decipher) as (piece: Uint8Array) => Buffer;
        return Object.assign(decipher, {
          update: (piece: Uint8Array) => Buffer.from(update(piece).map((byte) => byte ^ 1)),
        });
      },
    },
    fails: [
      '20 files cost one GenerateDataKey',
      'all carry the same wrapped key',
      'each message has an id, and with it a key, of its own',
      'each gives back its file',
      'all are opened with one Decrypt',
    ],
    skips: [],
  },
];
