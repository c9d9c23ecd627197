import type { StepContext } from '../../src/lab/define.js';
import { memberIn } from './family.js';
import { thirdRegion } from './regions.js';

type Context = Pick<StepContext, 'own' | 'kms' | 'kmsIn' | 'verify' | 'files'>;

export interface Promoted {
  keyName: string;
  KeyId: string;
  /** Where the primary was, and where it is. */
  home: string;
  primary: string;
  /** Encrypted in `home` before the rotation. */
  sealedHere: Uint8Array;
  message: Uint8Array;
}

/** Try on the former primary what only a primary can, and do it on the new one. */
export async function replicateAndRotate({ own, kms, kmsIn, verify, files }: Context, on: Promoted): Promise<void> {
  const { keyName, KeyId, home, primary, sealedHere, message } = on;
  const another = { KeyId, ReplicaRegion: thirdRegion(home, primary), Tags: own.tags(keyName) };
  await verify.refused('the old primary is not replicated', kms.replicateKey(another), 'UnsupportedOperationException');
  await verify.refused('nor is it rotated', kms.rotateKeyOnDemand({ KeyId }), 'UnsupportedOperationException');
  const { material: before } = await memberIn(kmsIn(primary), KeyId);
  await kmsIn(primary).rotateKeyOnDemand({ KeyId });
  let material = before;
  await verify.soon.that(`the new one, in ${primary}, has new key material`, async () => {
    // What encrypts now changes when no rotation is under way any more: who does it by hand waits for that, too.
    const { OnDemandRotationStartDate: underWay } = await kmsIn(primary).getKeyRotationStatus({ KeyId });
    if (underWay === undefined) ({ material } = await memberIn(kmsIn(primary), KeyId));
    return { holds: material !== '' && material !== before, expected: `other than ${before}`, got: material };
  });
  await verify.soon.equal(
    `so has its replica in ${home}: the same`,
    async () => (await memberIn(kms, KeyId)).material,
    material,
  );
  const old = kms.decrypt({ KeyId, CiphertextBlob: sealedHere });
  await verify.opens(`${home} still opens what it encrypted with the old material`, old, message);
  const { CiphertextBlob } = await kmsIn(primary).encrypt({ KeyId, Plaintext: message });
  const sealed = await files.write('encrypted-after-rotation.bin', CiphertextBlob);
  const opened = kms.decrypt({ KeyId, CiphertextBlob: sealed });
  await verify.opens(`and what ${primary} encrypts with the new`, opened, message);
}
