import type { StepContext } from '../../src/lab/define.js';
import { exceptionOf } from '../../src/lab/exception-of.js';
import type { Made } from './access.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'verify' | 'note'>;

const stateOf =
  ({ kms }: Pick<Context, 'kms'>, KeyId: string) =>
  async () =>
    (await kms.describeKey({ KeyId })).KeyMetadata?.KeyState;

/** Disable the key, and enable it. */
export async function disabled({ kms, verify, note }: Context, { KeyId, message, blob }: Made): Promise<void> {
  const provoke = provoker({ verify, note });
  const open = () => kms.decrypt({ KeyId, CiphertextBlob: blob });
  await kms.disableKey({ KeyId });
  await provoke.soon('a disabled key opens nothing', 'DisabledException', open);
  await provoke.soon('nor does it encrypt', 'DisabledException', () => kms.encrypt({ KeyId, Plaintext: message }));
  await verify.soon.equal('DescribeKey says why', stateOf({ kms }, KeyId), 'Disabled');
  await kms.enableKey({ KeyId });
  await verify.soon.opens('repaired: enabled, it opens what it encrypted before', open, message);
}

/** What KMS may say of a cryptographic call to a key that is pending deletion (Developer Guide, Key states of AWS KMS keys). */
const eitherRefusal = ['KMSInvalidStateException', 'DisabledException'];

/** Schedule the key's deletion, cancel that, and find the key disabled. */
export async function pendingDeletion({ kms, verify, note }: Context, { KeyId, message, blob }: Made): Promise<void> {
  const provoke = provoker({ verify, note });
  const open = () => kms.decrypt({ KeyId, CiphertextBlob: blob });
  const state = stateOf({ kms }, KeyId);
  await kms.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
  await verify.soon.that('a key that is pending deletion opens nothing', async () => {
    const got = await exceptionOf(open());
    return { holds: eitherRefusal.includes(got), expected: eitherRefusal.join(' or '), got, detail: got };
  });
  await provoke.soon('enabling it is not the way back', 'KMSInvalidStateException', () => kms.enableKey({ KeyId }));
  await verify.soon.equal('DescribeKey says why', state, 'PendingDeletion');
  await kms.cancelKeyDeletion({ KeyId });
  await verify.soon.equal('cancelled in time, the key is back, but disabled', state, 'Disabled');
  await provoke.soon('so it still opens nothing', 'DisabledException', open);
  await provoke.soon('nor is there a deletion left to cancel', 'KMSInvalidStateException', () =>
    kms.cancelKeyDeletion({ KeyId }),
  );
  await kms.enableKey({ KeyId });
  await verify.soon.opens('repaired: cancelled and enabled, it opens', open, message);
}
