import type { KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, flipped } from './case.js';

const steps = (from: number, to = 10) => Array.from({ length: to - from + 1 }, (_, at) => `3.${from + at}`);

const isSymmetric = async (kms: KMS, { KeyId }: { KeyId: string | undefined }) =>
  (await kms.describeKey({ KeyId })).KeyMetadata?.KeySpec === 'SYMMETRIC_DEFAULT';

/** Opens truly, and names another material. */
const naming = (material: string): Lie => ({
  Decrypt: async (kms, input) => ({ ...(await kms.decrypt(input)), KeyMaterialId: material }),
});

/** A key whose material is told to have changed, and has not. */
const keptMaterial = (): Lie => {
  let told: string | undefined;
  return {
    RotateKeyOnDemand: async (kms, input) => {
      if (!(await isSymmetric(kms, input))) return await kms.rotateKeyOnDemand(input);
      told = 'f'.repeat(64);
      return { KeyId: input.KeyId as string };
    },
    DescribeKey: async (kms, input) => {
      const { KeyMetadata: key } = await kms.describeKey(input);
      return { KeyMetadata: { ...key, KeyId: key?.KeyId as string, ...(told && { CurrentKeyMaterialId: told }) } };
    },
    ListKeyRotations: async (_kms, { KeyId }) => ({
      Rotations: told ? [{ KeyId: KeyId as string, KeyMaterialId: told, RotationType: 'ON_DEMAND' }] : [],
    }),
  };
};

/** Claims about the years that pass in the simulation. */
const inTime = [
  'on the date that KMS told it rotated by itself',
  'the key has new material again',
  'and once more, 180 days later',
];

export const aboutRotation: Case[] = [
  {
    lie: 'goes on with a schedule that is turned off',
    of: () => ({ DisableKeyRotation: async () => ({}) }),
    fails: ['it is off again'],
    skips: [],
  },
  {
    lie: 'rotates a key that nobody asked to be rotated',
    of: () => ({
      GetKeyRotationStatus: async (kms, input) => ({
        ...(await kms.getKeyRotationStatus(input)),
        KeyRotationEnabled: true,
      }),
    }),
    fails: ['automatic rotation is off'],
    skips: steps(2).filter((step) => step !== '3.8'),
  },
  {
    lie: 'takes the period and keeps another',
    of: () => ({ EnableKeyRotation: async (kms, { KeyId }) => await kms.enableKeyRotation({ KeyId }) }),
    fails: ['every 180 days', 'the schedule goes on as it was', ...inTime],
    skips: [],
  },
  {
    lie: 'takes the schedule and does not turn it on',
    of: () => ({
      EnableKeyRotation: async (kms, input) =>
        (await isSymmetric(kms, input)) ? {} : await kms.enableKeyRotation(input),
    }),
    fails: [
      'it is on',
      'every 180 days',
      'KMS tells the date of the next rotation',
      'the schedule goes on as it was',
      ...inTime,
    ],
    skips: [],
  },
  {
    lie: 'names another material than it decrypted with',
    of: () => naming('0'.repeat(64)),
    fails: ['and the material that sealed it: the first'],
    skips: ['3.5', '3.6', '3.9', '3.10'],
  },
  {
    lie: 'says that it rotates, and keeps its material',
    of: keptMaterial,
    fails: [
      'the answer names the new material',
      'the new material is the current one',
      'the first is kept, to decrypt',
    ],
    skips: [],
  },
  {
    lie: 'gives a rotated key another id',
    of: () => {
      let rotated = false;
      return {
        RotateKeyOnDemand: async (kms, input) => {
          rotated = true;
          return await kms.rotateKeyOnDemand(input);
        },
        DescribeKey: async (kms, input) => {
          const { KeyMetadata: key } = await kms.describeKey(input);
          const KeyId = rotated && input.KeyId?.startsWith('alias/') ? 'another' : (key?.KeyId as string);
          return { KeyMetadata: { ...key, KeyId } };
        },
      };
    },
    fails: ['the key id is the same'],
    skips: ['3.6', '3.7', '3.10'],
  },
  {
    lie: 'opens an old ciphertext wrongly after a rotation',
    of: () => {
      let rotated = false;
      return {
        RotateKeyOnDemand: async (kms, input) => {
          rotated = true;
          return await kms.rotateKeyOnDemand(input);
        },
        Decrypt: async (kms, input) => {
          const answer = await kms.decrypt(input);
          return rotated ? { ...answer, Plaintext: flipped(answer.Plaintext) } : answer;
        },
      };
    },
    fails: ['it opens, byte for byte', 'it opens', 'the first ciphertext opens as before'],
    skips: [],
  },
  {
    lie: 'lists no rotation',
    of: () => ({ ListKeyRotations: async () => ({ Rotations: [] }) }),
    fails: [
      'one rotation is listed, on demand, to the new material',
      'the new material is the current one',
      'the first is kept, to decrypt',
    ],
    skips: [],
  },
  {
    lie: 'takes the rotation of an asymmetric key',
    of: () => ({
      RotateKeyOnDemand: async (kms, input) => {
        if (await isSymmetric(kms, input)) return await kms.rotateKeyOnDemand(input);
        return { KeyId: input.KeyId as string };
      },
    }),
    fails: ['nor on demand'],
    skips: [],
  },
];
