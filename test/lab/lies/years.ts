import type { KMS } from '@aws-sdk/client-kms';
import { materialOf } from '../../../labs/rotation/material.js';
import { letTimePass } from '../../../labs/rotation/years.js';
import { Lab } from '../../../src/lab/define.js';
import type { Lie } from '../liar.js';
import { alone, type Case, inSimulation, refuse } from './case.js';

const day = 86_400_000;

const period = 180;

const early = 'a day before its time nothing has happened';
const onTime = 'on the date that KMS told it rotated by itself';
const renewed = 'the key has new material again';
const onceMore = `and once more, ${period} days later`;

/** Tells the schedule as it is, and then does something else. */
const tellingFirst = (then: (kms: KMS, KeyId: string | undefined) => Promise<unknown>): Lie => ({
  GetKeyRotationStatus: async (kms, input) => {
    const told = await kms.getKeyRotationStatus(input);
    await then(kms, input.KeyId);
    return told;
  },
});

/** Step 3.9 alone, with a key that has a schedule and was rotated, as the steps before it leave it. */
export const theYears = Lab.define('years', alone).step(
  'Let time pass',
  '',
  async ({ own, kms, until, simulate, verify }) => {
    const { KeyId } = await own.newKey('years-key');
    await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: period });
    const message = Buffer.from('a message');
    const { CiphertextBlob: sealed = message } = await kms.encrypt({ KeyId, Plaintext: message });
    const first = await materialOf(kms, KeyId);
    await kms.rotateKeyOnDemand({ KeyId });
    const material = () => materialOf(kms, KeyId);
    await until('the rotation is done', material, (now) => now !== first);
    await letTimePass({ simulate, verify }, { KeyId, period, sealed, message });
  },
);

/** A KMS that does not keep a schedule as it should. */
export const aboutYears: Case[] = [
  inSimulation(
    'rotates two days before it said',
    () => tellingFirst((kms, KeyId) => kms.enableKeyRotation({ KeyId, RotationPeriodInDays: period - 2 })),
    [early, onTime, onceMore],
  ),
  inSimulation('never rotates by itself', () => tellingFirst((kms, KeyId) => kms.disableKeyRotation({ KeyId })), [
    onTime,
    renewed,
    onceMore,
  ]),
  inSimulation(
    'lists a rotation that is yet to come',
    () => ({
      ListKeyRotations: async (kms, input) => {
        const { Rotations = [] } = await kms.listKeyRotations(input);
        if (Rotations.some(({ RotationType }) => RotationType === 'AUTOMATIC')) return { Rotations };
        const { NextRotationDate } = await kms.getKeyRotationStatus(input);
        return { Rotations: [...Rotations, { RotationType: 'AUTOMATIC', RotationDate: NextRotationDate }] };
      },
    }),
    [early],
  ),
  inSimulation(
    'tells another date than that on which it rotates',
    () => ({
      GetKeyRotationStatus: async (kms, input) => {
        const { NextRotationDate, ...status } = await kms.getKeyRotationStatus(input);
        return { ...status, NextRotationDate: new Date(Number(NextRotationDate) + day) };
      },
    }),
    [onTime],
  ),
  inSimulation(
    'tells no date for the next rotation',
    () => ({
      GetKeyRotationStatus: async (kms, input) => ({
        ...(await kms.getKeyRotationStatus(input)),
        NextRotationDate: undefined,
      }),
    }),
    [onTime],
  ),
  inSimulation('rotates by itself and keeps its material', () => {
    let first: string | undefined;
    return {
      DescribeKey: async (kms, input) => {
        const { KeyMetadata: key } = await kms.describeKey(input);
        first ??= key?.CurrentKeyMaterialId;
        return { KeyMetadata: { ...key, KeyId: key?.KeyId as string, CurrentKeyMaterialId: first } };
      },
    };
  }, [renewed]),
  inSimulation(
    'rotates by itself once and never again',
    () => ({
      ListKeyRotations: async (kms, input) => {
        const answer = await kms.listKeyRotations(input);
        const rotated = answer.Rotations?.some(({ RotationType }) => RotationType === 'AUTOMATIC');
        if (rotated) await kms.disableKeyRotation(input);
        return answer;
      },
    }),
    [onceMore],
  ),
  inSimulation(
    'no longer opens what it encrypted years ago',
    () => ({
      Decrypt: async () => refuse('InvalidCiphertextException'),
    }),
    ['the first ciphertext opens still'],
  ),
];
