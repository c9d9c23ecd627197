import type { KeyMetadata, KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, otherBytes, otherKey, since } from './case.js';

const steps = (from: number, to = 10) => Array.from({ length: to - from + 1 }, (_, at) => `3.${from + at}`);

const isSymmetric = async (kms: KMS, { KeyId }: { KeyId: string | undefined }) =>
  (await kms.describeKey({ KeyId })).KeyMetadata?.KeySpec === 'SYMMETRIC_DEFAULT';

/** Opens truly, and names another material. */
const naming = (material: string): Lie => ({
  Decrypt: async (kms, input) => ({ ...(await kms.decrypt(input)), KeyMaterialId: material }),
});

/** What DescribeKey says of a key, changed. */
const describing =
  (change: Partial<KeyMetadata>): NonNullable<Lie['DescribeKey']> =>
  async (kms, input) => {
    const { KeyMetadata: key } = await kms.describeKey(input);
    return { KeyMetadata: { ...key, ...change } as KeyMetadata };
  };

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
    lie: 'goes on with a schedule that is turned off, and with the first material',
    of: () =>
      since('DisableKeyRotation', {
        GetKeyRotationStatus: async (kms, input) => ({
          ...(await kms.getKeyRotationStatus(input)),
          KeyRotationEnabled: true,
        }),
        DescribeKey: describing({ CurrentKeyMaterialId: '0'.repeat(64) }),
      }),
    fails: ['it is off again', 'the key keeps its new material'],
    skips: [],
  },
  {
    lie: 'rotates a key that nobody asked to be rotated, and tells of its alias and its material what is not so',
    of: () => ({
      DescribeKey: async (kms, input) => {
        const { KeyMetadata: { CurrentKeyMaterialId: _, KeyId, ...key } = {} } = await kms.describeKey(input);
        return { KeyMetadata: { ...key, KeyId: input.KeyId?.startsWith('alias/') ? 'another' : KeyId } };
      },
      GetKeyRotationStatus: async (kms, input) => ({
        ...(await kms.getKeyRotationStatus(input)),
        KeyRotationEnabled: true,
      }),
      ListKeyRotations: async (_kms, { KeyId }) => ({ Rotations: [{ KeyId, RotationType: 'ON_DEMAND' }] }),
    }),
    fails: [
      'alias/kms-lab-rotation-key names it',
      'automatic rotation is off',
      'it has a key material with an id',
      'no rotation has taken place',
    ],
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
    lie: 'tells of new material as soon as there is a schedule',
    of: () => since('EnableKeyRotation', { DescribeKey: describing({ CurrentKeyMaterialId: 'f'.repeat(64) }) }),
    fails: [
      'the key material is still the first: nothing is rotated yet',
      'the answer names the new material',
      'one rotation is listed, on demand, to the new material',
      'the new material is the current one',
    ],
    skips: [],
  },
  {
    lie: 'names another key than it decrypted with',
    of: () => ({ Decrypt: async (kms, input) => ({ ...(await kms.decrypt(input)), KeyId: await otherKey(kms) }) }),
    fails: ['the answer names the key'],
    skips: ['3.5', '3.6', '3.9', '3.10'],
  },
  {
    lie: 'names another key and another material once it has rotated',
    of: () =>
      since('RotateKeyOnDemand', {
        Decrypt: async (kms, input) => ({
          ...(await kms.decrypt(input)),
          KeyId: await otherKey(kms),
          KeyMaterialId: '0'.repeat(64),
        }),
      }),
    fails: [
      'with the same key',
      'the answer names the material of before the rotation',
      'the answer names the new material',
    ],
    skips: [],
  },
  {
    lie: 'takes a rotation and does nothing',
    of: () => ({
      RotateKeyOnDemand: async (kms, input) =>
        (await isSymmetric(kms, input)) ? { KeyId: input.KeyId } : await kms.rotateKeyOnDemand(input),
    }),
    fails: ['the key has new material'],
    skips: ['3.6', '3.7', '3.10'],
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
    lie: 'gives a rotated key another id and ARN, and disables it',
    of: () =>
      since('RotateKeyOnDemand', {
        DescribeKey: describing({ KeyId: 'another', Arn: 'another', KeyState: 'Disabled' }),
      }),
    fails: ['the key id is the same', 'the ARN is the same', 'the alias leads to it as before, and it is Enabled'],
    skips: ['3.6', '3.7', '3.10'],
  },
  {
    lie: 'opens an old ciphertext wrongly after a rotation',
    of: () => since('RotateKeyOnDemand', { Decrypt: otherBytes }),
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
    lie: 'takes the rotation of an asymmetric key, and a schedule for it',
    of: () => ({
      EnableKeyRotation: async (kms, input) =>
        (await isSymmetric(kms, input)) ? await kms.enableKeyRotation(input) : {},
      RotateKeyOnDemand: async (kms, input) => {
        if (await isSymmetric(kms, input)) return await kms.rotateKeyOnDemand(input);
        return { KeyId: input.KeyId as string };
      },
    }),
    fails: ['it is not rotated on a schedule', 'nor on demand'],
    skips: [],
  },
];
