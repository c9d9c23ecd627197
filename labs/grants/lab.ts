import type { GrantListEntry } from '@aws-sdk/client-kms';
import { Lab, LabError } from '../../src/lab/define.js';
import { fillPolicy } from '../key-policy/fill.js';
import { checks } from './check.js';
import { finance, keyName, Operations, retired, revoked } from './names.js';

const denied = 'AccessDeniedException';
const context = (pairs: Record<string, string>) => ({ EncryptionContext: pairs });

export default Lab.define('grants', {
  number: 7,
  title: 'Grants',
  minutes: 10,
  keys: 1,
  teaches: [
    'a grant opens some operations of one key to one principal, beside all policies',
    'its token makes it work at once, before all of KMS knows it',
    'a constraint binds it to an encryption context',
    'it has no end of its own: somebody retires or revokes it',
    'who may make grants on a key may let others use it',
  ],
  check(_options, { account, identity }) {
    if (!/^\d{12}$/.test(account) || !identity.startsWith('arn:'))
      throw new LabError('usage', 'who you are is not known here, and a grant names its grantee', {
        hint: 'use a server that answers sts get-caller-identity, or --local',
      });
  },
})
  .step(
    'Make a key that you may not use',
    'Its policy lets the account administer it and make grants. It lets nobody encrypt or decrypt.',
    async ({ own, kms, verify, files, place }) => {
      const Policy = await fillPolicy({ files, place }, 'grants-key-policy.json');
      const { KeyId } = await own.newKey(keyName, { Description: 'kms-lab: grants', Policy });
      const Plaintext = await files.sample('salaries.txt');
      const { KeyMetadata: key } = await kms.describeKey({ KeyId });
      verify.equal('you may see it', key?.KeyState, 'Enabled');
      const bare = kms.encrypt({ KeyId, Plaintext, ...context(finance) });
      await verify.refused('you may not encrypt with it', bare, denied);
      const dataKey = kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256' });
      await verify.refused('nor make a data key', dataKey, denied);
      return { KeyId, Plaintext };
    },
  )
  .step(
    'Grant yourself two operations, for one department',
    'CreateGrant answers with a token. With it the grant works at once; without it KMS may need minutes to know.',
    async ({ kms, verify, files, place, KeyId, Plaintext }) => {
      const grant = await kms.createGrant({
        KeyId,
        Name: retired,
        GranteePrincipal: place.identity,
        RetiringPrincipal: place.identity,
        Operations: [...Operations],
        Constraints: { EncryptionContextSubset: finance },
      });
      const GrantTokens = [grant.GrantToken ?? ''];
      const sealing = kms.encrypt({ KeyId, Plaintext, GrantTokens, ...context(finance) });
      const sealed = await verify.allowed('with its token you may encrypt at once', sealing);
      const { CiphertextBlob = new Uint8Array() } = sealed ?? {};
      if (sealed) await files.write('salaries.bin', CiphertextBlob);
      const opening = kms.decrypt({ KeyId, CiphertextBlob, GrantTokens, ...context(finance) });
      await verify.opens('and decrypt', opening, Plaintext);
      const more = { KeyId, ...context({ ...finance, month: 'may' }), GrantTokens };
      await verify.allowed('a context that says more will do', kms.encrypt({ ...more, Plaintext }));
      return { GrantId: grant.GrantId ?? '', GrantTokens, CiphertextBlob };
    },
  )
  .step(
    'Step outside it',
    'A grant opens what it lists, where its constraint holds. Everything else is as it was: denied.',
    async ({ kms, verify, KeyId, Plaintext, CiphertextBlob, GrantTokens }) => {
      const marketing = kms.encrypt({ KeyId, Plaintext, GrantTokens, ...context({ department: 'marketing' }) });
      await verify.refused('another department is denied', marketing, denied);
      await verify.refused('no context is denied', kms.encrypt({ KeyId, Plaintext, GrantTokens }), denied);
      const without = kms.decrypt({ KeyId, CiphertextBlob, GrantTokens });
      await verify.refused('decrypting without the context is denied, too', without, denied);
      const dataKey = { KeyId, KeySpec: 'AES_256' as const, GrantTokens, ...context(finance) };
      const other = kms.generateDataKeyWithoutPlaintext(dataKey);
      await verify.refused('an operation that it does not list is denied', other, denied);
    },
  )
  .step(
    'Find it',
    'ListGrants shows who may do what, and where. It shows no token: only CreateGrant’s answer had that.',
    async ({ kms, verify, place, KeyId, Plaintext, CiphertextBlob, GrantId }) => {
      const open = () => kms.decrypt({ KeyId, CiphertextBlob, ...context(finance) });
      await verify.soon.opens('by now it works without its token', open, Plaintext);
      const list = async () => (await kms.listGrants({ KeyId })).Grants ?? [];
      await verify.soon.equal('the key has one grant', async () => (await list()).length, 1);
      const grant: GrantListEntry = (await list()).find((one) => one.GrantId === GrantId) ?? {};
      verify.equal('it is this one', grant.GrantId, GrantId);
      verify.equal('its grantee is you', grant.GranteePrincipal, place.identity);
      verify.equal(
        'it lists two operations',
        [...(grant.Operations ?? [])].sort().join(),
        [...Operations].sort().join(),
      );
      const subset = grant.Constraints?.EncryptionContextSubset;
      verify.equal('for one department', JSON.stringify(subset), JSON.stringify(finance));
      return { open, list };
    },
  )
  .step(
    'Retire it',
    'Who has done the work gives the right back: the retiring principal, or the grantee where the grant lists RetireGrant.',
    async ({ kms, verify, KeyId, GrantId, open, list }) => {
      await kms.retireGrant({ KeyId, GrantId });
      await verify.soon.refused('retired, it opens nothing', open, denied);
      await verify.soon.equal('and the key has no grant', async () => (await list()).length, 0);
    },
  )
  .step(
    'Revoke another',
    'Who administers the key takes a right away. This grant wants the context exactly, so more is too much.',
    async ({ kms, verify, place, KeyId, Plaintext, CiphertextBlob, open, list }) => {
      const { GrantId, GrantToken = '' } = await kms.createGrant({
        KeyId,
        Name: revoked,
        GranteePrincipal: place.identity,
        Operations: [...Operations],
        Constraints: { EncryptionContextEquals: finance },
      });
      const GrantTokens = [GrantToken];
      const opening = kms.decrypt({ KeyId, CiphertextBlob, GrantTokens, ...context(finance) });
      await verify.opens('the new grant opens what the old one sealed', opening, Plaintext);
      const more = { KeyId, GrantTokens, ...context({ ...finance, month: 'may' }) };
      await verify.refused('a context that says more is denied', kms.encrypt({ ...more, Plaintext }), denied);
      await verify.soon.opens('by now it works without its token', open, Plaintext);
      await kms.revokeGrant({ KeyId, GrantId });
      await verify.soon.refused('revoked, it opens nothing', open, denied);
      const withToken = () => kms.decrypt({ KeyId, CiphertextBlob, GrantTokens, ...context(finance) });
      await verify.soon.refused('not even with its token', withToken, denied);
      await verify.soon.equal('and the key has no grant', async () => (await list()).length, 0);
    },
  )
  .checkedBy(checks);
