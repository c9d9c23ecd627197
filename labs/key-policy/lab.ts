import { Lab, LabError, option } from '../../src/lab/define.js';
import { checks } from './check.js';
import { fillPolicy } from './fill.js';
import { askIam, become, proveCells, table } from './matrix.js';
import { conditionalName, finance, keyName } from './names.js';
import { statementsOf } from './policy.js';
import { checkRoles, rolesFor } from './roles.js';

const department = (name: string) => ({ EncryptionContext: { department: name } });
const denied = 'AccessDeniedException';

export default Lab.define('key-policy', {
  number: 6,
  title: 'Key policies',
  minutes: 15,
  keys: 2,
  teaches: [
    'no identity is trusted with a key unless the key’s own policy says so',
    'the default policy names the account, and so leaves everything to IAM',
    'who administers a key need not be able to use it, and the other way round',
    'a condition can ask for an encryption context or a long waiting period',
    'a denial wins over everything, so never deny the way back',
  ],
  options: {
    adminRole: option.text('<arn>', 'role that administers the key, for the matrix (needed on AWS only)'),
    appRole: option.text('<arn>', 'role that uses the key, for the matrix (needed on AWS only)'),
  },
  check(options, place) {
    checkRoles(options, place);
    if (!/^\d{12}$/.test(place.account))
      throw new LabError('usage', 'the account is not known here, and a key policy names it', {
        hint: 'use a server that answers sts get-caller-identity, or --local',
      });
  },
})
  .step(
    'Read the default policy',
    'A key made without a policy gets this one. It names the account, which means: IAM policies decide.',
    async ({ own, kms, verify, files, note, place }) => {
      const key = await own.newKey(keyName, { Description: 'kms-lab: key policy, the default at first' });
      const Plaintext = await files.sample('ledger.txt');
      const { PolicyNames } = await kms.listKeyPolicies({ KeyId: key.KeyId });
      verify.equal('it has one policy, named default', PolicyNames?.join(), 'default');
      const { Policy = '' } = await kms.getKeyPolicy({ KeyId: key.KeyId });
      await files.write('default-policy.json', Buffer.from(Policy));
      const [only, ...more] = statementsOf(Policy);
      verify.equal('with one statement', more.length, 0);
      verify.equal('which allows', only?.Effect, 'Allow');
      const principal = typeof only?.Principal === 'object' ? only.Principal.AWS : only?.Principal;
      verify.equal(
        'the account, so that IAM policies decide,',
        principal?.endsWith(`:iam::${place.account}:root`),
        true,
      );
      verify.equal('every KMS action', [only?.Action].flat().join(), 'kms:*');
      verify.equal('on this key', only?.Resource, '*');
      note('the policy that a key has when nobody gives it one:', JSON.stringify(only, undefined, 2).split('\n'));
      const sealed = await kms.encrypt({ KeyId: key.KeyId, Plaintext });
      const CiphertextBlob = await files.write('ledger.bin', sealed.CiphertextBlob);
      const opened = kms.decrypt({ KeyId: key.KeyId, CiphertextBlob });
      await verify.opens('you may use the key, for IAM allows it', opened, Plaintext);
      return { subject: { KeyId: key.KeyId, Plaintext, CiphertextBlob, Policy } };
    },
  )
  .step(
    'Ask two roles under it',
    'The default policy names neither role, nor you. Whatever one of you may do, IAM policies opened.',
    async ({ options, place, assume, kms, note, subject }) => {
      const roles = rolesFor(options, place);
      const callers = await become(roles, { assume, kms, place });
      const before = await askIam(callers, subject);
      note('under the default policy, where IAM alone decides:', table(before));
      return { roles, callers, before };
    },
    { optional: true },
  )
  .step(
    'Put the least-privilege policy',
    'One role administers, one uses. The account keeps the way back, and no more: IAM can open nothing else.',
    async ({ kms, files, place, verify, subject, roles }) => {
      const more = { ADMIN_ROLE_ARN: roles.admin, APP_ROLE_ARN: roles.app };
      const Policy = await fillPolicy({ files, place }, 'kms-key-policy.json', more);
      await kms.putKeyPolicy({ KeyId: subject.KeyId, Policy });
      const statements = (text = '') => JSON.stringify(statementsOf(text).map(({ Sid }) => Sid));
      const stored = async () => statements((await kms.getKeyPolicy({ KeyId: subject.KeyId })).Policy);
      await verify.soon.equal('it is stored, all statements in order', stored, statements(Policy));
      return { least: { ...subject, Policy } };
    },
    { optional: true },
  )
  .step(
    'Prove who may do what',
    'Each cell of the matrix is asked for. IAM counts only where the key policy leaves an action to the account.',
    async ({ verify, note, files, least, callers, before, roles }) => {
      const { KeyId } = least;
      const now = await proveCells(verify, callers, least, before);
      const grant = { KeyId, GranteePrincipal: roles.admin, Operations: ['Decrypt' as const] };
      const toItself = () => callers[0]?.kms.createGrant(grant) ?? Promise.resolve();
      await verify.soon.refused('admin can’t open the key to itself by a grant', toItself, denied);
      note('under the least-privilege policy:', table(now));
      await files.write('who-may-do-what.txt', Buffer.from(`${table(now).join('\n')}\n`));
    },
    { optional: true },
  )
  .step(
    'Make a key whose policy asks for a context',
    'The policy is there from the key’s first moment. Its denials name no one: they hold for everybody, you included.',
    async ({ own, kms, verify, files, place, subject }) => {
      const Policy = await fillPolicy({ files, place }, 'conditions-policy.json');
      const Description = 'kms-lab: key policy with conditions';
      const { KeyId } = await own.newKey(conditionalName, { Description, Policy });
      const { Plaintext } = subject;
      const plain = { KeyId, Plaintext };
      const { CiphertextBlob: blob } = await kms.encrypt({ ...plain, EncryptionContext: finance });
      const CiphertextBlob = await files.write('ledger-of-finance.bin', blob);
      const open = (context = {}) => kms.decrypt({ KeyId, CiphertextBlob, ...context });
      await verify.opens('department=finance encrypts and decrypts', open({ EncryptionContext: finance }), Plaintext);
      await verify.refused('encrypting without a context is denied', kms.encrypt(plain), denied);
      const wrong = kms.encrypt({ ...plain, ...department('marketing') });
      await verify.refused('encrypting for another department is denied', wrong, denied);
      await verify.refused('decrypting without it is denied before the key is used', open(), denied);
      await verify.refused('and so is decrypting with another', open(department('marketing')), denied);
      return { conditional: { KeyId }, plain };
    },
  )
  .step(
    'Refuse a hasty deletion',
    'The same policy denies a waiting period under 30 days: time enough to notice. Then it is taken off again.',
    async ({ kms, verify, files, conditional, plain, subject }) => {
      const { KeyId } = conditional;
      const end = (PendingWindowInDays: number) => kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays });
      await verify.refused('7 days are denied', end(7), denied);
      await verify.refused('29 days are denied', end(29), denied);
      await verify.allowed('30 days are accepted', end(30));
      await verify.soon.allowed('and can be taken back', () => kms.cancelKeyDeletion({ KeyId }));
      await kms.enableKey({ KeyId });
      const state = async () => (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;
      await verify.soon.equal('then the key is Enabled again', state, 'Enabled');
      await kms.putKeyPolicy({ KeyId, Policy: subject.Policy });
      const sealed = await verify.soon.allowed('with the default policy nobody asks for a context', () =>
        kms.encrypt(plain),
      );
      if (sealed) await files.write('ledger-without-context.bin', sealed.CiphertextBlob);
    },
  )
  .checkedBy(checks);
