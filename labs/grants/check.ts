import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { exceptionOf } from '../../src/lab/exception-of.js';
import { finance, keyName, Operations, retired, revoked } from './names.js';

/** The grant of that name, if the key has it now. */
async function grant({ key, kms }: CheckContext, name: string) {
  const { KeyId, name: under } = await key(keyName);
  const { Grants = [] } = await kms.listGrants({ KeyId, Limit: 100 });
  return { KeyId, under, found: Grants.find((one) => one.Name === name) };
}

const blob = 'salaries.bin';
const gone = 'there is no such grant, and nothing tells whether there was one';

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Make a key that you may not use': async (it) => {
    await it.grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' });
    const { KeyId } = await it.key(keyName);
    const Plaintext = await it.files.sample('salaries.txt');
    const answer = await exceptionOf(it.kms.encrypt({ KeyId, Plaintext, DryRun: true }));
    const hint = `aws kms put-key-policy --key-id ${KeyId} --policy file://… with grants-key-policy.json, filled`;
    it.grade.that('its policy does not let you encrypt', answer === 'AccessDeniedException', hint);
  },

  'Grant yourself two operations, for one department': async (it) => {
    const { KeyId, under, found } = await grant(it, retired);
    if (!found) {
      it.grade.file(blob, `aws kms create-grant --key-id ${KeyId} --name ${retired} …, then encrypt into it`);
      return;
    }
    const operations = [...(found.Operations ?? [])].sort().join();
    const again = 'retire the grant, and make it again';
    it.grade.that('its grantee is you', found.GranteePrincipal === it.place.identity, again);
    it.grade.that(`it lists ${Operations.join(' and ')}`, operations === [...Operations].sort().join(), again);
    const subset = JSON.stringify(found.Constraints?.EncryptionContextSubset);
    it.grade.that('it is for one department', subset === JSON.stringify(finance), again);
    await it.grade.opens(blob, { KeyId, under, context: finance }, await it.files.sample('salaries.txt'));
  },

  'Step outside it': leavesNoTrace('what is denied changes nothing'),

  'Find it': leavesNoTrace('ListGrants changes nothing'),

  'Retire it': async (it) => {
    const { KeyId, found } = await grant(it, retired);
    if (!found && !it.files.read(blob)) throw new NotGraded(gone);
    const hint = `aws kms retire-grant --key-id ${KeyId} --grant-id ${found?.GrantId}`;
    it.grade.that(`the key has no grant ${retired}`, !found, hint);
  },

  'Revoke another': async (it) => {
    const { KeyId, found } = await grant(it, revoked);
    const hint = `aws kms revoke-grant --key-id ${KeyId} --grant-id ${found?.GrantId}`;
    if (it.grade.that(`the key has no grant ${revoked}`, !found, hint)) throw new NotGraded(gone);
  },
} satisfies Record<string, StepCheck>;
