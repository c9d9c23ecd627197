import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { keyName, order } from './names.js';
import { lesson } from './policy.js';

const opening = async ({ key }: CheckContext) => {
  const { KeyId, name } = await key(keyName);
  return { KeyId, under: name };
};
const message = ({ files }: CheckContext) => files.sample('order.txt');
const back = 'what was done was undone, and nothing tells of it';

/** A policy of KMS's own, or one as good: nothing in it denies, and nothing is for tenants. */
async function policyIsBack(it: CheckContext): Promise<void> {
  const { KeyId } = await opening(it);
  const { Policy = '' } = await it.kms.getKeyPolicy({ KeyId });
  const mended = !/"Sid"\s*:\s*"Decrypt(OnlyForTheLesson|ForTenants)"/.test(Policy);
  const hint = `aws kms put-key-policy --key-id ${KeyId} --policy file://${it.files.typed('policy.json')}`;
  it.grade.that('the key has the policy of before', mended, hint);
}

/** The key is as it began; a step that ends so leaves nothing else behind. */
const enabledAgain: StepCheck = async (it) => {
  const { KeyId } = await opening(it);
  const { KeyMetadata } = await it.kms.describeKey({ KeyId });
  const enable = `aws kms enable-key --key-id ${KeyId}`;
  const hint =
    KeyMetadata?.KeyState === 'PendingDeletion'
      ? `aws kms cancel-key-deletion --key-id ${KeyId}, then ${enable}`
      : enable;
  if (it.grade.that('the key is Enabled', KeyMetadata?.KeyState === 'Enabled', hint)) throw new NotGraded(back);
};

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Begin with a key that works': async (it) => {
    await it.grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' });
    await it.grade.opens('encrypted-order.bin', await opening(it), await message(it));
    it.grade.file('policy.json', 'aws kms get-key-policy --query Policy --output text');
  },

  'Access denied': async (it) => {
    await policyIsBack(it);
    const how = { ...(await opening(it)), context: lesson };
    await it.grade.opens('encrypted-for-the-lesson.bin', how, await message(it));
  },

  'Invalid ciphertext': async (it) => {
    const how = await opening(it);
    const hint = 'copy encrypted-order.bin and flip one bit of its last byte';
    await it.grade.refused('damaged.bin', how, 'InvalidCiphertextException', hint);
    const printed = it.grade.file(
      'base64-text.txt',
      'encrypt with --output text > base64-text.txt, and do not decode it',
    );
    const bytes = Buffer.from(Buffer.from(printed ?? []).toString(), 'base64');
    const same = Buffer.compare(bytes, it.files.read('encrypted-order.bin') ?? bytes) === 0;
    if (printed) it.grade.that('decoded, it is encrypted-order.bin', same, 'base64 < encrypted-order.bin');
    await it.grade.opens('encrypted-for-order.bin', { ...how, context: order }, await message(it));
  },

  'Wrong key': async (it) => {
    const how = await opening(it);
    const blob = it.files.read('encrypted-order.bin');
    if (!blob) throw new NotGraded('it takes encrypted-order.bin, to tell the right key');
    const hint = `lead ${how.under} back to the key that opens encrypted-order.bin, with aws kms update-alias`;
    const right = await it.kms.decrypt({ KeyId: how.KeyId, CiphertextBlob: blob }).then(
      () => true,
      ({ name }: Error) => name !== 'IncorrectKeyException',
    );
    if (it.grade.that(`${how.under} leads to the right key`, right, hint)) throw new NotGraded(back);
  },

  'Wrong usage': leavesNoTrace('the keys for it are gone, and so is what tells whose signature it was'),

  Disabled: enabledAgain,

  'Pending deletion': enabledAgain,

  'Not found, and the wrong Region': leavesNoTrace('what is refused changes nothing'),

  Limits: async (it) => {
    await policyIsBack(it);
    const largest = it.grade.file('4096-bytes.bin', 'make a file of 4,096 bytes');
    if (largest) await it.grade.opens('4096-bytes-encrypted.bin', await opening(it), largest);
  },

  'A malformed policy': leavesNoTrace('a policy that is refused changes nothing'),

  'Throttled, timed out, out of order (simulated)': leavesNoTrace('it takes place in a throw-away copy of the world'),
} satisfies Record<string, StepCheck>;
