import type { KMS } from '@aws-sdk/client-kms';
import { drill } from '../../../labs/multi-region/drill.js';
import { Lab } from '../../../src/lab/define.js';
import type { Lie } from '../liar.js';
import { alone, type Case, flipped, inSimulation, refuse } from './case.js';
import { home, regionOf, there } from './multi-region.js';

const hex = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString('hex');

/** What KMS answers when it takes a call and does nothing. */
const nothing = async () => ({});

/** Changes nothing, and is refused where a Region is down. */
const answering = async (kms: KMS, KeyId: string | undefined) => void (await kms.describeKey({ KeyId }));

/** Lies in one Region alone. */
const onlyIn = (region: string, lie: Pick<Lie, 'Encrypt' | 'Decrypt' | 'UpdatePrimaryRegion'>): Lie => ({
  Encrypt: async (kms, input, pass) =>
    lie.Encrypt && (await regionOf(kms)) === region ? await lie.Encrypt(kms, input, pass) : await kms.encrypt(input),
  Decrypt: async (kms, input, pass) =>
    lie.Decrypt && (await regionOf(kms)) === region ? await lie.Decrypt(kms, input, pass) : await kms.decrypt(input),
  UpdatePrimaryRegion: async (kms, input, pass) =>
    lie.UpdatePrimaryRegion && (await regionOf(kms)) === region
      ? await lie.UpdatePrimaryRegion(kms, input, pass)
      : await kms.updatePrimaryRegion(input),
});

/** Knows which ciphertexts the replica made. */
function telling(decrypt: (made: boolean, open: () => Promise<object>) => Promise<object>): Lie {
  const made = new Set<string>();
  return onlyIn(there, {
    Encrypt: async (kms, input) => {
      const answer = await kms.encrypt(input);
      made.add(hex(answer.CiphertextBlob));
      return answer;
    },
    Decrypt: (kms, input) => decrypt(made.has(hex(input.CiphertextBlob)), () => kms.decrypt(input)),
  });
}

const opensThere = `what it encrypted opens in ${there}`;
const newData = 'and new data is encrypted there';
const comesBack = `${home} comes back and opens what ${there} made`;
const only = 'and only now the replica can be promoted';
const moved = `${there} has the primary key then`;

/** Step 4.7 alone, with a key, its replica and a ciphertext, as the steps before it leave them. */
export const theDrill = Lab.define('drill', alone).step('Lose a Region', '', async ({ own, kms, simulate, verify }) => {
  const key = await own.newKey('drill-key', { MultiRegion: true });
  await own.replica('drill-key', key, there);
  const { KeyId } = key;
  const message = Buffer.from('a message');
  const { CiphertextBlob: sealedHere = message } = await kms.encrypt({ KeyId, Plaintext: message });
  await drill({ simulate, verify }, { KeyId, home, there, sealedHere, message });
});

/** A KMS that does not meet the loss of a Region as it should. */
export const aboutTheDrill: Case[] = [
  inSimulation(
    'answers for a Region that is down from the other',
    (kmsIn) => ({ Decrypt: (kms, input) => kms.decrypt(input).catch(() => kmsIn(there).decrypt(input)) }),
    [`${home} is down`],
  ),
  inSimulation(
    'opens with a replica only what the replica encrypted',
    () => telling((made, open) => (made ? open() : refuse('InvalidCiphertextException'))),
    [opensThere],
  ),
  inSimulation(
    'opens with a replica only what the primary encrypted',
    () => telling((made, open) => (made ? refuse('InvalidCiphertextException') : open())),
    [newData],
  ),
  inSimulation(
    'encrypts with a replica what nobody can open',
    () =>
      onlyIn(there, {
        Encrypt: async (kms, input) => {
          const { CiphertextBlob, ...answer } = await kms.encrypt(input);
          return { ...answer, CiphertextBlob: flipped(CiphertextBlob) };
        },
      }),
    [newData, comesBack],
  ),
  inSimulation(
    'encrypts with the primary alone',
    () => onlyIn(there, { Encrypt: async () => refuse('KMSInvalidStateException') }),
    ['KMS answers every call of this step'],
  ),
  inSimulation('lets a replica make itself the primary', () => onlyIn(there, { UpdatePrimaryRegion: nothing }), [
    'the replica can’t make itself the primary',
  ]),
  inSimulation(
    'takes a promotion in a Region that is down',
    () => onlyIn(home, { UpdatePrimaryRegion: (kms, input) => kms.updatePrimaryRegion(input).catch(nothing) }),
    [`the primary, which could, is in ${home}`],
  ),
  inSimulation('rotates a replica', () => ({ RotateKeyOnDemand: nothing }), ['nor is a replica rotated']),
  inSimulation(
    'brings a Region back that opens nothing of what was encrypted meanwhile',
    () =>
      onlyIn(home, {
        Decrypt: async (kms, input) => {
          await kms.decrypt(input);
          return refuse('InvalidCiphertextException');
        },
      }),
    [comesBack],
  ),
  inSimulation(
    'promotes a replica, and says that it could not',
    () => ({
      UpdatePrimaryRegion: async (kms, input) => {
        await kms.updatePrimaryRegion(input);
        return refuse('KMSInvalidStateException');
      },
    }),
    [only],
  ),
  inSimulation(
    'promotes no replica once its Region was down',
    () =>
      onlyIn(home, {
        UpdatePrimaryRegion: async (kms, { KeyId }) => {
          await answering(kms, KeyId);
          return refuse('KMSInvalidStateException');
        },
      }),
    [only, moved],
  ),
  inSimulation(
    'takes a promotion and changes nothing',
    () =>
      onlyIn(home, {
        UpdatePrimaryRegion: async (kms, { KeyId }) => {
          await answering(kms, KeyId);
          return {};
        },
      }),
    [moved],
  ),
];
