import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck, Waiting } from '../../src/lab/define.js';
import { rotationsOf } from '../rotation/material.js';
import { keyName } from './names.js';

const message = ({ files }: CheckContext) => files.sample('message.txt');
const family = ({ MultiRegionConfiguration: set }: Awaited<ReturnType<CheckContext['key']>>) => ({
  primary: set?.PrimaryKey?.Region,
  regions: [set?.PrimaryKey, ...(set?.ReplicaKeys ?? [])].flatMap((one) => one?.Region ?? []),
});

/** The key here, and the other Region of its set: the primary may be in either. */
async function both(it: CheckContext) {
  const here = await it.key(keyName);
  const there = family(here).regions.find((region) => region !== it.place.region);
  if (!there) throw new Waiting(`${here.name} has no replica`);
  return { here, there, home: it.place.region };
}

/** A file that was encrypted in `from` and opens in `to`, with the key of that Region. */
async function crosses(it: CheckContext, from: string, to: string): Promise<void> {
  const { KeyId, name } = await it.key(keyName, to);
  const region = to === it.place.region ? {} : { region: to };
  await it.grade.opens(`encrypted-in-${from}.bin`, { KeyId, under: name, ...region }, await message(it));
  const opened = it.grade.file(
    `decrypted-in-${to}.txt`,
    `decrypt encrypted-in-${from}.bin with --region ${to} into it`,
  );
  const same = !!opened && Buffer.compare(opened, await message(it)) === 0;
  if (opened) it.grade.that('it is the message, byte for byte', same, 'decrypt it once more, and decode the base64');
}

const atHome = 'the primary is where it was made, and nothing tells whether it was away';

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Create a multi-Region primary key': ({ grade }) =>
    grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT', MultiRegion: true }),

  'Replicate it into another Region': async (it) => {
    const { KeyId, name, ...here } = await it.key(keyName);
    const { regions } = family({ KeyId, name, ...here });
    const there = regions.find((region) => region !== it.place.region);
    const hint = `aws kms replicate-key --key-id ${KeyId} --replica-region REGION --tags …`;
    if (!it.grade.that(`${name} has a replica`, there !== undefined, hint) || !there) return;
    await it.grade.key(keyName, { KeyId }, there);
  },

  'Encrypt here, decrypt there': async (it) => {
    const { home, there } = await both(it);
    await crosses(it, home, there);
  },

  'Encrypt there, decrypt here': async (it) => {
    const { home, there } = await both(it);
    await crosses(it, there, home);
  },

  'See how they belong together': leavesNoTrace('DescribeKey changes nothing'),

  'Compare with a key of one Region': async (it) => {
    const { here, home, there } = await both(it);
    const name = `encrypted-in-${home}-only.bin`;
    const how = { KeyId: here.KeyId, under: here.name, region: there };
    const hint = `encrypt with a key that is not multi-Region, in ${home}`;
    await it.grade.refused(name, how, 'IncorrectKeyException', hint);
  },

  'Lose the primary’s Region (simulated)': leavesNoTrace('it takes place in a throw-away copy of the world'),

  'Promote the replica while both are up': async (it) => {
    const { here, there, home } = await both(it);
    if (family(here).primary === home) throw new NotGraded(atHome);
    it.grade.that(`the primary key is in ${there}`, family(here).primary === there, 'promote the replica');
  },

  'Do what only a primary can': async (it) => {
    const { here, there } = await both(it);
    const rotations = await rotationsOf(it.kms, here.KeyId);
    const onDemand = rotations.some((rotation) => rotation.startsWith('ON_DEMAND'));
    const hint = `aws kms rotate-key-on-demand --key-id ${here.KeyId} --region ${there}, while the primary is there`;
    it.grade.that('the set was rotated on demand', onDemand, hint);
    const opened = await it.grade.opens(
      'encrypted-after-rotation.bin',
      { KeyId: here.KeyId, under: here.name },
      await message(it),
    );
    if (!opened) return;
    const fresh = rotations.some((rotation) => rotation.endsWith(` ${opened.material}`));
    it.grade.that('it is sealed with a material that a rotation made', fresh, 'encrypt it after the rotation');
  },

  'Promote back': async (it) => {
    const { here, home } = await both(it);
    const { primary } = family(here);
    const hint = `aws kms update-primary-region --key-id ${here.KeyId} --primary-region ${home} --region ${primary}`;
    if (it.grade.that(`the primary key is in ${home}`, primary === home, hint)) throw new NotGraded(atHome);
  },
} satisfies Record<string, StepCheck>;
