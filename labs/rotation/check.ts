import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { rotationsOf } from './material.js';
import { keyName, period } from './names.js';

const message = ({ files }: CheckContext) => files.sample('rotation-test.txt');

/** Which key material had sealed a file, when it opens to the message. */
async function materialIn(it: CheckContext, name: string): Promise<string | undefined> {
  const { KeyId, name: under } = await it.key(keyName);
  return (await it.grade.opens(name, { KeyId, under }, await message(it)))?.material;
}

/** The key, its schedule, and the rotations that were asked for: "ON_DEMAND 7c1d…". */
async function history({ key, kms }: CheckContext) {
  const { KeyId, CurrentKeyMaterialId } = await key(keyName);
  const status = await kms.getKeyRotationStatus({ KeyId });
  const rotations = await rotationsOf(kms, KeyId);
  const onDemand = rotations.filter((rotation) => rotation.startsWith('ON_DEMAND'));
  return { KeyId, CurrentKeyMaterialId, status, rotations, onDemand };
}

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Create a key that has never been rotated': ({ grade }) => grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' }),

  'Turn automatic rotation on': async (it) => {
    const { KeyId, status, onDemand } = await history(it);
    const { KeyRotationEnabled: on, RotationPeriodInDays: days } = status;
    if (!on && onDemand.length > 0) throw new NotGraded('it is off again: the last step turns it off');
    const hint = `aws kms enable-key-rotation --key-id ${KeyId} --rotation-period-in-days ${period}`;
    it.grade.that('automatic rotation is on', on === true, hint);
    if (on) it.grade.that(`every ${period} days`, days === period, `it is every ${days} days: ${hint}`);
  },

  'Encrypt before the rotation': async (it) => {
    const { CurrentKeyMaterialId, onDemand } = await history(it);
    const sealed = await materialIn(it, 'encrypted-before-rotation.bin');
    if (sealed === undefined || onDemand.length === 0) return;
    const hint = 'it was sealed with the newest material: only a ciphertext of before shows that KMS keeps the old one';
    it.grade.that('it is sealed with a material of before the rotation', sealed !== CurrentKeyMaterialId, hint);
  },

  'Rotate on demand': async (it) => {
    const { KeyId, onDemand } = await history(it);
    it.grade.that('it was rotated on demand', onDemand.length > 0, `aws kms rotate-key-on-demand --key-id ${KeyId}`);
  },

  'Open the old ciphertext': async (it) => {
    const opened = it.grade.file('decrypted-after-rotation.txt', 'decrypt encrypted-before-rotation.bin into it');
    const same = !!opened && Buffer.compare(opened, await message(it)) === 0;
    if (opened) it.grade.that('it is the message, byte for byte', same, 'decrypt it once more, and decode the base64');
  },

  'Encrypt after the rotation': async (it) => {
    const { rotations } = await history(it);
    const sealed = await materialIn(it, 'encrypted-after-rotation.bin');
    if (sealed === undefined) return;
    const fresh = rotations.some((rotation) => rotation.endsWith(` ${sealed}`));
    it.grade.that('it is sealed with a material that a rotation made', fresh, 'encrypt it after the rotation');
  },

  'Read the history': leavesNoTrace('ListKeyRotations changes nothing'),

  'Ask it of an asymmetric key': leavesNoTrace('what is refused changes nothing, and the key for it is gone'),

  'Let a year pass (simulated)': leavesNoTrace('it takes place in a throw-away copy of the world'),

  'Turn automatic rotation off': async (it) => {
    const { KeyId, status, onDemand } = await history(it);
    if (!status.KeyRotationEnabled && onDemand.length === 0)
      throw new NotGraded('it has not been on, as far as one can see');
    const off = status.KeyRotationEnabled === false;
    it.grade.that('automatic rotation is off', off, `aws kms disable-key-rotation --key-id ${KeyId}`);
  },
} satisfies Record<string, StepCheck>;
