import type { StepContext } from '../../src/lab/define.js';
import { asksForContext, contextPolicy, lesson } from './policy.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'verify' | 'note' | 'files'>;

/** What the first step of the lab made. */
export interface Made {
  KeyId: string;
  /** Plaintext, and the same encrypted under the key without a context. */
  message: Uint8Array;
  blob: Uint8Array;
  /** The key's policy as AWS made it. */
  policy: string;
}

/** Let the key's policy deny Decrypt, read why, and repair it on either side: the caller's, the policy's. */
export async function denyAccess({ kms, verify, note, files }: Context, made: Made): Promise<void> {
  const { KeyId, message, blob, policy } = made;
  const provoke = provoker({ verify, note });
  const put = (Policy: string) => kms.putKeyPolicy({ KeyId, PolicyName: 'default', Policy });
  const open = () => kms.decrypt({ KeyId, CiphertextBlob: blob });

  const denying = contextPolicy(policy);
  await files.write('policy-that-denies.json', Buffer.from(denying));
  await put(denying);
  await provoke.soon('what worked before is denied', 'AccessDeniedException', open);
  await provoke.soon('a call that names no key is denied in other words', 'AccessDeniedException', () =>
    kms.decrypt({ CiphertextBlob: blob }),
  );
  const asks = async () => asksForContext((await kms.getKeyPolicy({ KeyId, PolicyName: 'default' })).Policy);
  await verify.soon.equal('the policy says why: it asks for an encryption context', asks, true);

  const sealed = await kms.encrypt({ KeyId, Plaintext: message, EncryptionContext: lesson });
  const bound = await files.write('encrypted-for-the-lesson.bin', sealed.CiphertextBlob);
  await verify.soon.opens(
    'repaired by the caller: with the context it is allowed',
    () => kms.decrypt({ KeyId, CiphertextBlob: bound, EncryptionContext: lesson }),
    message,
  );
  await put(policy);
  await verify.soon.opens('repaired in the policy: what was denied opens again', open, message);
  await provoke.soon('asked with DryRun, KMS says only that it would work', 'DryRunOperationException', () =>
    kms.decrypt({ KeyId, CiphertextBlob: blob, DryRun: true }),
  );
}
