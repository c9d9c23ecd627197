import { Lab } from '../../src/lab/define.js';
import { denyAccess } from './access.js';
import { checks } from './check.js';
import { invalidCiphertexts } from './ciphertext.js';
import { keyName } from './names.js';
import { exceedLimits, malformed } from './policies.js';
import { disabled, pendingDeletion } from './states.js';
import { wrongUsage } from './usage.js';
import { weather } from './weather.js';
import { notFound } from './whereabouts.js';
import { wrongKey } from './wrong-key.js';

export default Lab.define('troubleshooting', {
  number: 9,
  title: 'Troubleshooting',
  minutes: 20,
  keys: 1,
  teaches: [
    'an exception’s name says where to look: caller, key, ciphertext, or KMS itself',
    'a denial names the policy that denies, unless the call named no key',
    'DescribeKey tells a key’s state, and cancelling a deletion leaves the key disabled',
    'LimitExceededException is about sizes and numbers, ThrottlingException about speed',
    'what is nobody’s mistake goes away: an SDK tries again by itself',
  ],
})
  .step(
    'Begin with a key that works',
    'An error proves something only when the same call works without its cause. So first, all is well.',
    async ({ own, kms, verify, files }) => {
      const { KeyId, Arn } = await own.newKey(keyName, { Description: 'kms-lab: troubleshooting' });
      const message = await files.sample('order.txt');
      const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: message });
      const blob = await files.write('encrypted-order.bin', CiphertextBlob);
      const alias = own.alias(keyName);
      await verify.soon.opens(
        'the key opens what it encrypted',
        () => kms.decrypt({ KeyId, CiphertextBlob: blob }),
        message,
      );
      await verify.soon.opens('its alias does', () => kms.decrypt({ KeyId: alias, CiphertextBlob: blob }), message);
      const { Policy = '' } = await kms.getKeyPolicy({ KeyId, PolicyName: 'default' });
      await files.write('policy.json', Buffer.from(Policy));
      return { made: { keyName, KeyId, Arn, alias, message, blob, policy: Policy } };
    },
  )
  .step(
    'Access denied',
    'Read the message: who, which action, which key, and because of which policy. A denial in a policy wins over all else.',
    async (context) => await denyAccess(context, context.made),
  )
  .step(
    'Invalid ciphertext',
    'The bytes are not those that KMS gave you, or the encryption context is not the one they were encrypted with.',
    async (context) => await invalidCiphertexts(context, context.made),
  )
  .step(
    'Wrong key',
    'An alias was moved, a key id copied: IncorrectKeyException says that the ciphertext is fine and the key another one.',
    async (context) => await wrongKey(context, context.made),
  )
  .step(
    'Wrong usage',
    'What a key is for is decided when it is made: to encrypt, to sign, or to make MACs. Nothing changes it later.',
    async (context) => await wrongUsage(context, context.made),
  )
  .step(
    'Disabled',
    'A disabled key keeps its material and its ciphertexts stay good. Nobody uses it until it is enabled.',
    async (context) => await disabled(context, context.made),
  )
  .step(
    'Pending deletion',
    'A key is deleted after 7 to 30 days of waiting. Until then it can be had back: cancel, and then enable.',
    async (context) => await pendingDeletion(context, context.made),
  )
  .step(
    'Not found, and the wrong Region',
    'A key lives in one Region. Ask another, and it does not exist; ask without naming it, and you are denied.',
    async (context) => await notFound(context, context.made),
  )
  .step(
    'Limits',
    'LimitExceededException is about sizes and numbers, whatever you may have read: waiting does not help.',
    async (context) => await exceedLimits(context, context.made),
  )
  .step(
    'A malformed policy',
    'KMS takes a policy as a whole or not at all. One that is refused changes nothing.',
    async (context) => await malformed(context, context.made),
  )
  .step(
    'Throttled, timed out, out of order (simulated)',
    'No mistake of yours, and not for long. Try again a little later, and longer apart each time: an SDK does.',
    async ({ simulate, verify, note, made }) => await weather({ simulate, verify, note }, made.KeyId),
    { optional: true },
  )
  .checkedBy(checks);
