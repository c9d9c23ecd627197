import { Lab, option } from '../../src/lab/define.js';
import { checks } from './check.js';
import { drill } from './drill.js';
import { keep, knows, memberIn, promote, taggedLab } from './family.js';
import { keyName } from './names.js';
import { compareWithOneRegion } from './one-region.js';
import { relationship } from './picture.js';
import { replicateAndRotate } from './primary.js';
import { checkReplicaRegion, replicaRegion } from './regions.js';

export default Lab.define('multi-region', {
  number: 4,
  title: 'Multi-Region keys',
  minutes: 15,
  keys: 2,
  teaches: [
    'a multi-Region key has one id and one key material in several Regions',
    'what one Region encrypts, another decrypts, without a call between them',
    'policy, tags, aliases and state are each key’s own',
    'only the primary is replicated and rotated; losing its Region costs that, not your data',
    'a replica is promoted while both Regions are up, so do it before you need it',
  ],
  options: { replicaRegion: option.text('<region>', 'Region of the replica (default: us-west-2, or us-east-1)') },
  check: (options, place) => checkReplicaRegion(options.replicaRegion, place),
})
  .step(
    'Create a multi-Region primary key',
    'Multi-Region is decided when a key is made: a key that was made for one Region can never be replicated.',
    async ({ own, kms, verify, options, place }) => {
      const key = await own.newKey(keyName, { MultiRegion: true, Description: 'kms-lab: made as the primary' });
      const { KeyMetadata } = await kms.describeKey({ KeyId: own.alias(keyName) });
      const family = KeyMetadata?.MultiRegionConfiguration;
      verify.equal(`${own.alias(keyName)} names it`, KeyMetadata?.KeyId, key.KeyId);
      verify.equal('its id begins with mrk-', key.KeyId.slice(0, 4), 'mrk-');
      verify.equal('it is the primary key of its set', family?.MultiRegionKeyType, 'PRIMARY');
      verify.equal(`the set’s primary Region is ${place.region}`, family?.PrimaryKey?.Region, place.region);
      verify.equal('it has no replica yet', family?.ReplicaKeys?.length ?? 0, 0);
      return { key, home: place.region, there: replicaRegion(options.replicaRegion, place), alias: own.alias(keyName) };
    },
  )
  .step(
    'Replicate it into another Region',
    'KMS copies the key material between its HSMs. Meanwhile the replica is Creating: a program polls, it does not sleep.',
    async ({ own, kms, kmsIn, verify, key, home, there, alias }) => {
      const replica = await own.replica(keyName, key, there, { Description: 'kms-lab: made as a replica' });
      const [one, other] = [await memberIn(kms, alias), await memberIn(kmsIn(there), alias)];
      verify.equal('both have the same key id', replica.KeyId, key.KeyId);
      verify.equal('their ARNs differ in the Region alone', other.arn, key.Arn.replace(`:${home}:`, `:${there}:`));
      verify.equal(`${alias} in ${there} names a replica`, other.role, 'REPLICA');
      verify.equal('the replica is Enabled', other.state, 'Enabled');
      verify.that('both have the same key material', one.material !== '' && other.material === one.material, {
        expected: one.material || 'a key material id',
        got: other.material || 'none',
      });
      verify.equal('the primary bears this lab’s tags', await taggedLab(kms, key.KeyId), 'multi-region');
      verify.equal(
        'the replica bears them too: its own, none is copied',
        await taggedLab(kmsIn(there), key.KeyId),
        'multi-region',
      );
      return { replica };
    },
  )
  .step(
    'Encrypt here, decrypt there',
    'Two calls, each to the KMS of its own Region. The ciphertext is all that travels, and you carry it.',
    async ({ kms, kmsIn, verify, files, tools, home, there, alias, replica }) => {
      const message = await files.sample('message.txt');
      const { CiphertextBlob } = await kms.encrypt({ KeyId: alias, Plaintext: message });
      const sealedHere = await files.write(`encrypted-in-${home}.bin`, CiphertextBlob);
      const call = kmsIn(there).decrypt({ KeyId: alias, CiphertextBlob: sealedHere });
      await verify.opens(`${there} decrypts it, byte for byte`, call, message);
      const { KeyId, Plaintext } = await call;
      verify.equal('with the replica', KeyId, replica.Arn);
      await keep({ files, tools }, `decrypted-in-${there}.txt`, Plaintext, message);
      return { message, sealedHere };
    },
  )
  .step(
    'Encrypt there, decrypt here',
    'A replica is no read-only copy: it is a key in its own right, and its ciphertexts are as good as the primary’s.',
    async ({ kms, kmsIn, verify, files, tools, key, home, there, alias, message }) => {
      const { CiphertextBlob } = await kmsIn(there).encrypt({ KeyId: alias, Plaintext: message });
      const sealedThere = await files.write(`encrypted-in-${there}.bin`, CiphertextBlob);
      const call = kms.decrypt({ KeyId: alias, CiphertextBlob: sealedThere });
      await verify.opens(`${home} decrypts it, byte for byte`, call, message);
      const { KeyId, Plaintext } = await call;
      verify.equal('with the primary', KeyId, key.Arn);
      await keep({ files, tools }, `decrypted-in-${home}.txt`, Plaintext, message);
      return { sealedThere };
    },
  )
  .step(
    'See how they belong together',
    'Each key knows the whole set. Policy, tags, aliases, description and state are its own; KMS never synchronises them.',
    async ({ kms, kmsIn, verify, note, key, replica, home, there, alias }) => {
      const set = `${home} → ${there}`;
      const one = await knows({ verify }, 'the primary knows the whole set', () => memberIn(kms, alias), set);
      const look = () => memberIn(kmsIn(there), replica.KeyId);
      const other = await knows({ verify }, 'the replica knows it too', look, set);
      verify.that('each has a description of its own', one.description !== other.description, {
        expected: 'two descriptions',
        got: one.description,
      });
      const both = [
        { ...one, region: home },
        { ...other, region: there },
      ];
      note('one key id and one key material in two Regions:', relationship(both, alias, key.KeyId));
    },
  )
  .step(
    'Compare with a key of one Region',
    'An ordinary key, made for this step alone: its ciphertexts are for its own Region, and it can’t be replicated later.',
    async ({ own, kms, kmsIn, verify, files, home, there, alias, message }) =>
      await compareWithOneRegion({ own, kms, kmsIn, verify, files }, { home, there, alias, message }),
  )
  .step(
    'Lose the primary’s Region (simulated)',
    'In a throw-away copy of the world its Region goes down. Your data stays readable; what needs the primary has to wait.',
    async ({ simulate, verify, key, home, there, sealedHere, message }) =>
      await drill({ simulate, verify }, { KeyId: key.KeyId, home, there, sealedHere, message }),
    { optional: true },
  )
  .step(
    'Promote the replica while both are up',
    'KMS swaps the roles of the two keys. Both are Updating for a moment, and encrypt and decrypt all the while.',
    async ({ kms, kmsIn, verify, key: { KeyId }, home, there, sealedHere, sealedThere, message }) => {
      await promote({ kmsIn, verify }, KeyId, home, there);
      const open = (at: typeof kms, CiphertextBlob: Uint8Array) => at.decrypt({ KeyId, CiphertextBlob });
      await verify.opens(`${there} opens what ${home} encrypted before`, open(kmsIn(there), sealedHere), message);
      await verify.opens(`${home} opens what ${there} encrypted before`, open(kms, sealedThere), message);
      return { promoted: there };
    },
  )
  .step(
    'Do what only a primary can',
    'It is replicated, and it is rotated, for the whole set. The rotation adds $1 a month to what each key costs.',
    async ({ own, kms, kmsIn, verify, files, key: { KeyId }, home, promoted: primary, sealedHere, message }) =>
      await replicateAndRotate(
        { own, kms, kmsIn, verify, files },
        { keyName, KeyId, home, primary, sealedHere, message },
      ),
  )
  .step(
    'Promote back',
    'The primary goes home the way it came: asked where it is now, while both Regions are up.',
    async ({ kmsIn, verify, key, home, promoted }) => await promote({ kmsIn, verify }, key.KeyId, promoted, home),
  )
  .checkedBy(checks);
