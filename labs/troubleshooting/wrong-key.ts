import type { StepContext } from '../../src/lab/define.js';
import type { Made } from './access.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'own' | 'kms' | 'verify' | 'note'>;

/** Lead the lab's alias to another key, where it does not open what the first one encrypted, and back. */
export async function wrongKey(
  { own, kms, verify, note }: Context,
  { keyName, ...made }: Made & { alias: string; keyName: string },
): Promise<void> {
  const { KeyId, message, blob, alias } = made;
  const provoke = provoker({ verify, note });
  const lead = (TargetKeyId: string) => kms.updateAlias({ AliasName: alias, TargetKeyId });
  const behind = async () => (await kms.describeKey({ KeyId: alias })).KeyMetadata?.KeyId;
  const byAlias = () => kms.decrypt({ KeyId: alias, CiphertextBlob: blob });

  // By its tags it may bear the lab's alias: should the run end meanwhile, cleanup takes both.
  await own.passing(keyName, { Description: 'kms-lab: the wrong key' }, async (other) => {
    await provoke('an alias that exists is not made again', 'AlreadyExistsException', () =>
      kms.createAlias({ AliasName: alias, TargetKeyId: other.KeyId }),
    );
    await lead(other.KeyId);
    await verify.soon.equal('repaired: UpdateAlias leads it to the other key', behind, other.KeyId);
    await provoke.permitted.soon(
      'which is the wrong one for what was encrypted before',
      'IncorrectKeyException',
      byAlias,
    );
    await verify.opens(
      'repaired: without a key id KMS takes the right one',
      kms.decrypt({ CiphertextBlob: blob }),
      message,
    );
    await lead(KeyId);
    await verify.soon.opens('repaired: the alias leads back, and opens it', byAlias, message);
  });
}
