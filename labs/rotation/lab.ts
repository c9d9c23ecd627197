import { Lab } from '../../src/lab/define.js';
import { checks } from './check.js';
import { materialOf, rotate, rotationsOf } from './material.js';
import { keyName, period } from './names.js';
import { refuseToRotate } from './unrotatable.js';
import { letTimePass } from './years.js';

export default Lab.define('rotation', {
  number: 3,
  title: 'Key rotation',
  minutes: 10,
  keys: 1,
  teaches: [
    'a rotation gives a key new material; its id, ARN, policy and aliases stay',
    'old ciphertexts open as before: KMS keeps every material it ever used',
    'the schedule is yours to choose, and a rotation can be had on demand',
    'turning automatic rotation on rotates nothing yet',
    'the first two rotations of a key cost $1.00 a month each',
  ],
})
  .step(
    'Create a key that has never been rotated',
    'A new key has one key material, and automatic rotation is off until you turn it on.',
    async ({ own, kms, verify }) => {
      const key = await own.newKey(keyName, { Description: 'kms-lab: rotation' });
      const { KeyMetadata } = await kms.describeKey({ KeyId: own.alias(keyName) });
      const status = await kms.getKeyRotationStatus({ KeyId: key.KeyId });
      const first = await materialOf(kms, key.KeyId);
      verify.equal(`${own.alias(keyName)} names it`, KeyMetadata?.KeyId, key.KeyId);
      verify.equal('automatic rotation is off', status.KeyRotationEnabled, false);
      verify.that('it has a key material with an id', first !== '', { expected: 'an id', got: first || 'none' });
      verify.equal('no rotation has taken place', (await rotationsOf(kms, key.KeyId)).length, 0);
      return { key, first, alias: own.alias(keyName) };
    },
  )
  .step(
    'Turn automatic rotation on',
    'KMS rotates on a schedule of 90 to 2,560 days, a year unless you say otherwise. It counts from today.',
    async ({ kms, verify, note, key, first }) => {
      const { KeyId } = key;
      await kms.enableKeyRotation({ KeyId, RotationPeriodInDays: period });
      const status = () => kms.getKeyRotationStatus({ KeyId });
      await verify.soon.equal('it is on', async () => (await status()).KeyRotationEnabled, true);
      const { RotationPeriodInDays, NextRotationDate: next } = await status();
      verify.equal('every 180 days', RotationPeriodInDays, period);
      verify.that('KMS tells the date of the next rotation', next !== undefined, {
        expected: 'a date',
        got: next?.toISOString() ?? 'none',
      });
      verify.equal('the key material is still the first: nothing is rotated yet', await materialOf(kms, KeyId), first);
      if (next) note(`the next rotation is on ${next.toISOString().slice(0, 10)}`);
    },
  )
  .step(
    'Encrypt before the rotation',
    'This ciphertext is the witness: it is sealed with the first key material.',
    async ({ kms, verify, files, key, alias, first }) => {
      const message = await files.sample('rotation-test.txt');
      const { CiphertextBlob } = await kms.encrypt({ KeyId: alias, Plaintext: message });
      const old = await files.write('encrypted-before-rotation.bin', CiphertextBlob);
      const opened = await kms.decrypt({ CiphertextBlob: old });
      verify.sameBytes('it opens', opened.Plaintext, message);
      verify.equal('the answer names the key', opened.KeyId, key.Arn);
      verify.equal('and the material that sealed it: the first', opened.KeyMaterialId, first);
      return { message, old };
    },
  )
  .step(
    'Rotate on demand',
    'For real, not in a simulation: on AWS the first two rotations add $1.00 a month each to what the key costs, later ones nothing.',
    async ({ kms, verify, key, first, alias }) => {
      const second = await rotate({ kms, verify }, 'the key has new material', key.KeyId, first);
      const { KeyMetadata } = await kms.describeKey({ KeyId: alias });
      verify.equal('the key id is the same', KeyMetadata?.KeyId, key.KeyId);
      verify.equal('the ARN is the same', KeyMetadata?.Arn, key.Arn);
      verify.equal('the alias leads to it as before, and it is Enabled', KeyMetadata?.KeyState, 'Enabled');
      return { second };
    },
  )
  .step(
    'Open the old ciphertext',
    'KMS keeps every material of a key, and a ciphertext names the one that sealed it. Nothing has to be encrypted again.',
    async ({ kms, verify, files, tools, key, old, message, first }) => {
      const opened = await kms.decrypt({ CiphertextBlob: old });
      verify.sameBytes('it opens, byte for byte', opened.Plaintext, message);
      verify.equal('with the same key', opened.KeyId, key.Arn);
      verify.equal('the answer names the material of before the rotation', opened.KeyMaterialId, first);
      await files.write('decrypted-after-rotation.txt', opened.Plaintext);
      tools.compared('decrypted-after-rotation.txt', message);
    },
  )
  .step(
    'Encrypt after the rotation',
    'The same key id, the same call; KMS takes the newest material.',
    async ({ kms, verify, files, alias, message, second }) => {
      const { CiphertextBlob } = await kms.encrypt({ KeyId: alias, Plaintext: message });
      const fresh = await files.write('encrypted-after-rotation.bin', CiphertextBlob);
      const opened = await kms.decrypt({ CiphertextBlob: fresh });
      verify.sameBytes('it opens', opened.Plaintext, message);
      verify.equal('the answer names the new material', opened.KeyMaterialId, second);
    },
  )
  .step(
    'Read the history',
    'ListKeyRotations is what an auditor asks for: when, how, and to which material.',
    async ({ kms, verify, key, first, second }) => {
      const { KeyId } = key;
      await verify.soon.equal(
        'one rotation is listed, on demand, to the new material',
        async () => (await rotationsOf(kms, KeyId)).join(', '),
        `ON_DEMAND ${second}`,
      );
      const { Rotations = [] } = await kms.listKeyRotations({ KeyId, IncludeKeyMaterial: 'ALL_KEY_MATERIAL' });
      const states = Rotations.map(({ KeyMaterialId, KeyMaterialState }) => `${KeyMaterialId} ${KeyMaterialState}`);
      verify.equal('the new material is the current one', states.includes(`${second} CURRENT`), true);
      verify.equal('the first is kept, to decrypt', states.includes(`${first} NON_CURRENT`), true);
      const status = await kms.getKeyRotationStatus({ KeyId });
      verify.equal('the schedule goes on as it was', status.RotationPeriodInDays, period);
    },
  )
  .step(
    'Ask it of an asymmetric key',
    'Others hold its public key, so KMS can’t swap the pair. You make a new key and move the alias.',
    async ({ own, kms, verify }) => await refuseToRotate({ own, kms, verify }),
  )
  .step(
    'Let a year pass (simulated)',
    'In a throw-away copy of the world the clock moves on, and KMS keeps the schedule you gave it.',
    async ({ simulate, verify, key, old, message }) => {
      await letTimePass({ simulate, verify }, { KeyId: key.KeyId, period, sealed: old, message });
    },
    { optional: true },
  )
  .step(
    'Turn automatic rotation off',
    'It ends the schedule and undoes nothing: what was rotated stays so, and every material stays to decrypt.',
    async ({ kms, verify, key: { KeyId }, old, message, second }) => {
      await kms.disableKeyRotation({ KeyId });
      const status = async () => (await kms.getKeyRotationStatus({ KeyId })).KeyRotationEnabled;
      await verify.soon.equal('it is off again', status, false);
      verify.equal('the key keeps its new material', await materialOf(kms, KeyId), second);
      await verify.opens('the first ciphertext opens as before', kms.decrypt({ CiphertextBlob: old }), message);
    },
  )
  .checkedBy(checks);
