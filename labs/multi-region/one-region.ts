import type { StepContext } from '../../src/lab/define.js';

type Context = Pick<StepContext, 'own' | 'kms' | 'kmsIn' | 'verify' | 'files'>;

/** Encrypt with an ordinary key of `home`, and try to open that in `there`. `alias` leads to the replica in `there`. */
export async function compareWithOneRegion(
  { own, kms, kmsIn, verify, files }: Context,
  { home, there, alias, message }: { home: string; there: string; alias: string; message: Uint8Array },
): Promise<void> {
  const name = 'one-region-key';
  await own.passing(name, { Description: 'kms-lab: a key of one Region, for one step' }, async ({ KeyId }) => {
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: message });
    const sealed = await files.write(`encrypted-in-${home}-only.bin`, CiphertextBlob);
    await verify.opens(`its ciphertext opens in ${home}`, kms.decrypt({ CiphertextBlob: sealed }), message);
    const unnamed = kmsIn(there).decrypt({ CiphertextBlob: sealed });
    await verify.refused(`${there} does not know its key`, unnamed, 'AccessDeniedException');
    const named = kmsIn(there).decrypt({ KeyId: alias, CiphertextBlob: sealed });
    await verify.refused('and the replica there is another key', named, 'IncorrectKeyException');
    const late = kms.replicateKey({ KeyId, ReplicaRegion: there, Tags: own.tags(name) });
    await verify.refused('it can’t be replicated either', late, 'UnsupportedOperationException');
  });
}
