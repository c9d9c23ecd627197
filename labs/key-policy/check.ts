import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { exceptionOf } from '../../src/lab/exception-of.js';
import { conditionalName, finance, keyName } from './names.js';
import { statementsOf } from './policy.js';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** What tells one policy from another: the names of its statements, in order; undefined for a text that is none. */
function names(policy: string): string | undefined {
  try {
    return statementsOf(policy)
      .map(({ Sid, Effect }) => Sid ?? Effect)
      .join(', ');
  } catch {
    return undefined;
  }
}

/** The key behind an alias, the names of its statements, and those of the lab's policy. */
async function policyOf(it: CheckContext, name: string) {
  const { KeyId, name: under } = await it.key(name);
  const { Policy = '' } = await it.kms.getKeyPolicy({ KeyId });
  const least = names(text(await it.files.sample('kms-key-policy.json')));
  return { KeyId, under, has: names(Policy), least };
}

/** KMS's own policy lets the account do everything, in one statement. */
const isDefault = (policy: string): boolean => {
  if (names(policy) === undefined) return false;
  const [only, ...more] = statementsOf(policy);
  return more.length === 0 && only?.Effect === 'Allow' && [only.Action].flat().join() === 'kms:*';
};

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Read the default policy': async (it) => {
    await it.grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' });
    const { KeyId, under, has, least } = await policyOf(it, keyName);
    const saved = it.grade.file('default-policy.json', `aws kms get-key-policy --key-id ${KeyId} --output text …`);
    const hint = 'read it before you put another: of a new key it is the same';
    if (saved) it.grade.that('default-policy.json is the policy of a new key', isDefault(text(saved)), hint);
    // The least-privilege policy leaves nobody but the app role a way to open it.
    if (has === least) it.grade.file('ledger.bin');
    else await it.grade.opens('ledger.bin', { KeyId, under }, await it.files.sample('ledger.txt'));
  },

  'Ask two roles under it': leavesNoTrace('what the roles asked changes nothing'),

  'Put the least-privilege policy': async (it) => {
    const { KeyId, has, least } = await policyOf(it, keyName);
    const filled = it.files.read('kms-key-policy.json');
    if (has !== least && !filled && it.place.kind !== 'local')
      throw new NotGraded('optional: it takes two roles, and the policy for them was not put');
    const hint = `aws kms put-key-policy --key-id ${KeyId} --policy file://… with kms-key-policy.json, filled`;
    it.grade.that('the key has the least-privilege policy', has === least, hint);
  },

  'Prove who may do what': async (it) => {
    const { KeyId, has, least } = await policyOf(it, keyName);
    const CiphertextBlob = it.files.read('ledger.bin');
    if (has !== least || !CiphertextBlob) throw new NotGraded('it takes the least-privilege policy, and a ciphertext');
    const refusal = await exceptionOf(it.kms.decrypt({ KeyId, CiphertextBlob }));
    const wait = `KMS may take minutes to know a policy: check again (now: ${refusal})`;
    it.grade.that('you may no longer decrypt, whatever IAM says', refusal === 'AccessDeniedException', wait);
  },

  'Make a key whose policy asks for a context': async (it) => {
    await it.grade.key(conditionalName, { KeySpec: 'SYMMETRIC_DEFAULT' });
    const { KeyId, name: under } = await it.key(conditionalName);
    const how = { KeyId, under, context: finance };
    await it.grade.opens('ledger-of-finance.bin', how, await it.files.sample('ledger.txt'));
  },

  'Refuse a hasty deletion': async (it) => {
    const { KeyId, name: under } = await it.key(conditionalName);
    const { Policy = '' } = await it.kms.getKeyPolicy({ KeyId });
    const hint = `aws kms put-key-policy --key-id ${KeyId} --policy file://${it.files.typed('default-policy.json')}`;
    if (!it.grade.that('the conditions are taken off again', isDefault(Policy), hint)) return;
    await it.grade.opens('ledger-without-context.bin', { KeyId, under }, await it.files.sample('ledger.txt'));
  },
} satisfies Record<string, StepCheck>;
