import type { KeyMetadata, KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';
import { type Case, otherBytes, since } from './case.js';

export const home = 'us-east-1';
export const there = 'us-west-2';
export const regionOf = async (kms: KMS) => await kms.config.region();

/** What DescribeKey says about a key in a Region, changed. */
const describing = (
  change: (key: KeyMetadata, region: string, asked: string | undefined) => Partial<KeyMetadata>,
): Lie => ({
  DescribeKey: async (kms, input) => {
    const { KeyMetadata: key } = await kms.describeKey(input);
    return { KeyMetadata: { ...key, ...change(key as KeyMetadata, await regionOf(kms), input.KeyId) } as KeyMetadata };
  },
});

const isReplica = ({ MultiRegionConfiguration: set }: KeyMetadata) => set?.MultiRegionKeyType === 'REPLICA';
const otherArn = (id: string) => `arn:aws:kms:${there}:111122223333:key/${id}`;
const steps = (from: number, to = 10) => Array.from({ length: to - from + 1 }, (_, at) => `4.${from + at}`);
/** Every step after the first that asks for the message and ciphertexts of 4.3. */
const afterMessage = ['4.4', '4.6', '4.7', '4.8', '4.9', '4.10'];

/** A replica of another key: the lab's own one is not there. */
const otherMaterial = (): Lie => {
  let other: string | undefined;
  const made = async (kms: KMS) => (other ??= (await kms.createKey({})).KeyMetadata?.KeyId ?? '');
  const swapped = async (kms: KMS, KeyId: string | undefined) =>
    (await regionOf(kms)) === there && KeyId?.startsWith('alias/') ? await made(kms) : KeyId;
  return {
    Encrypt: async (kms, input) => {
      const KeyId = await swapped(kms, input.KeyId);
      return { ...(await kms.encrypt({ ...input, KeyId })), KeyId: input.KeyId as string };
    },
    Decrypt: async (kms, input) => await kms.decrypt({ ...input, KeyId: await swapped(kms, input.KeyId) }),
  };
};

/** What KMS answers when it takes a call and does nothing. */
const nothing = async () => ({});

export const aboutMultiRegionKeys: Case[] = [
  {
    lie: 'makes a key of one Region when asked for a multi-Region one',
    of: () => ({ CreateKey: (kms, { MultiRegion: _, ...input }) => kms.createKey(input) }),
    fails: ['its id begins with mrk-', 'it is the primary key of its set', `the set’s primary Region is ${home}`],
    skips: steps(2),
  },
  {
    lie: 'leads the alias to another key, which has a replica',
    of: () =>
      describing(({ MultiRegionConfiguration: set }) => ({
        KeyId: 'another',
        MultiRegionConfiguration: { ...set, ReplicaKeys: [{ Region: there }] },
      })),
    fails: ['alias/kms-lab-mrk names it', 'it has no replica yet'],
    skips: steps(2),
  },
  {
    lie: 'gives the replica another key id',
    of: () => ({
      ReplicateKey: async (kms, input) => {
        const answer = await kms.replicateKey(input);
        return {
          ...answer,
          ReplicaKeyMetadata: { ...answer.ReplicaKeyMetadata, KeyId: otherArn(input.KeyId as string) },
        };
      },
    }),
    fails: ['both have the same key id'],
    skips: steps(3),
  },
  {
    lie: 'gives the replica other key material, and says so',
    of: () => describing((key) => (isReplica(key) ? { CurrentKeyMaterialId: 'f'.repeat(64) } : {})),
    fails: ['both have the same key material'],
    skips: steps(3),
  },
  {
    lie: 'gives the replica other key material, and says nothing',
    of: otherMaterial,
    fails: [`${there} decrypts it, byte for byte`, 'KMS answers every call of this step'],
    skips: afterMessage,
  },
  {
    lie: 'forgets tags',
    of: () => ({ ListResourceTags: async () => ({ Tags: [] }) }),
    fails: ['the primary bears this lab’s tags', 'the replica bears them too: its own, none is copied'],
    skips: steps(3),
  },
  {
    lie: 'leads the replica’s alias to a disabled primary key',
    of: () =>
      describing(({ Arn, MultiRegionConfiguration: set }, region, asked) =>
        region === there && asked?.startsWith('alias/')
          ? {
              Arn: Arn?.replace(there, home),
              KeyState: 'Disabled',
              MultiRegionConfiguration: { ...set, MultiRegionKeyType: 'PRIMARY' },
            }
          : {},
      ),
    fails: [
      'their ARNs differ in the Region alone',
      `alias/kms-lab-mrk in ${there} names a replica`,
      'the replica is Enabled',
    ],
    skips: steps(3),
  },
  {
    lie: 'answers from the primary when the replica is asked to decrypt',
    of: () => ({
      Decrypt: async (kms, input) => {
        const answer = await kms.decrypt(input);
        return { ...answer, KeyId: answer.KeyId?.replace(there, home) };
      },
    }),
    fails: ['with the replica'],
    skips: afterMessage,
  },
  {
    lie: 'gives something else back there',
    of: () => ({
      Decrypt: async (kms, input) =>
        (await regionOf(kms)) === there ? await otherBytes(kms, input) : await kms.decrypt(input),
    }),
    fails: [`${there} decrypts it, byte for byte`],
    skips: afterMessage,
  },
  {
    lie: 'gives something else back at home, and names another key',
    of: () => ({
      Decrypt: async (kms, input) =>
        (await regionOf(kms)) === home
          ? { ...(await otherBytes(kms, input)), KeyId: otherArn('other') }
          : await kms.decrypt(input),
    }),
    fails: [`${home} decrypts it, byte for byte`, 'with the primary', `its ciphertext opens in ${home}`],
    skips: ['4.8', '4.9', '4.10'],
  },
  {
    lie: 'copies the description to the replica',
    of: () => describing(() => ({ Description: 'the same' })),
    fails: ['each has a description of its own'],
    skips: [],
  },
  {
    lie: 'tells no key of the replica',
    of: () =>
      describing(({ MultiRegionConfiguration: set }) =>
        set ? { MultiRegionConfiguration: { ...set, ReplicaKeys: [] } } : {},
      ),
    fails: ['the primary knows the whole set', 'the replica knows it too'],
    skips: [],
  },
  {
    lie: 'opens a ciphertext of one Region in every Region',
    of: () => {
      const sealed = new Map<string, Uint8Array>();
      return {
        Encrypt: async (kms, input) => {
          const answer = await kms.encrypt(input);
          sealed.set(Buffer.from(answer.CiphertextBlob ?? []).toString('hex'), input.Plaintext as Uint8Array);
          return answer;
        },
        Decrypt: async (kms, input) =>
          await kms.decrypt(input).catch((refusal) => {
            const Plaintext = sealed.get(Buffer.from(input.CiphertextBlob ?? []).toString('hex'));
            if (!Plaintext) throw refusal;
            return { Plaintext };
          }),
      };
    },
    fails: [`${there} does not know its key`, 'and the replica there is another key'],
    skips: [],
  },
  {
    lie: 'takes a promotion and changes nothing',
    of: () => ({ UpdatePrimaryRegion: nothing }),
    fails: [`${there} has the primary key now, Enabled again`, `${home} has a replica now, Enabled again`],
    skips: ['4.9', '4.10'],
  },
  {
    lie: 'promotes the replica and leaves the old primary one as well',
    of: () =>
      describing((key, region) => {
        const { MultiRegionConfiguration: set } = key;
        return region === home && set ? { MultiRegionConfiguration: { ...set, MultiRegionKeyType: 'PRIMARY' } } : {};
      }),
    fails: [`${home} has a replica now, Enabled again`],
    skips: ['4.9', '4.10'],
  },
  {
    lie: 'opens nothing rightly once the replica was promoted',
    of: () => since('UpdatePrimaryRegion', { Decrypt: otherBytes }),
    fails: [`${there} opens what ${home} encrypted before`, `${home} opens what ${there} encrypted before`],
    skips: ['4.9', '4.10'],
  },
  {
    lie: 'gives a rotated set different materials, opens nothing rightly, and promotes nothing',
    of: () =>
      since('RotateKeyOnDemand', {
        ...describing((_key, region) => (region === home ? { CurrentKeyMaterialId: 'f'.repeat(64) } : {})),
        Decrypt: otherBytes,
        UpdatePrimaryRegion: nothing,
      }),
    fails: [
      `so has its replica in ${home}: the same`,
      `${home} still opens what it encrypted with the old material`,
      `and what ${there} encrypts with the new`,
      `${home} has the primary key now, Enabled again`,
      `${there} has a replica now, Enabled again`,
    ],
    skips: [],
  },
  {
    lie: 'takes a rotation and keeps its material',
    of: () => ({
      RotateKeyOnDemand: async (kms, input) =>
        (await regionOf(kms)) === home ? await kms.rotateKeyOnDemand(input) : { KeyId: input.KeyId },
    }),
    fails: [`the new one, in ${there}, has new key material`],
    skips: [],
  },
  {
    lie: 'rotates a replica',
    of: () => ({ RotateKeyOnDemand: async (kms, input) => await kms.rotateKeyOnDemand(input).catch(() => ({})) }),
    fails: ['nor is it rotated'],
    skips: [],
  },
  {
    lie: 'replicates from a replica, and a key of one Region too',
    of: () => ({
      ReplicateKey: async (kms, input) => await kms.replicateKey(input).catch(() => ({})),
    }),
    fails: ['it can’t be replicated either', 'the old primary is not replicated'],
    skips: [],
  },
];
