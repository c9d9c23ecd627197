import type { KMS } from '@aws-sdk/client-kms';
import type { StepContext } from '../../src/lab/define.js';

/** The id of the key material that encrypts now; empty when KMS tells none. */
export async function materialOf(kms: KMS, KeyId: string): Promise<string> {
  return (await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId ?? '';
}

/**
 * Rotate now, and wait until it is done: the status then tells of no rotation under way, and the key has another material.
 * @returns its id
 */
export async function rotated(
  { kms, until }: Pick<StepContext, 'kms' | 'until'>,
  KeyId: string,
  before: string,
): Promise<string> {
  await kms.rotateKeyOnDemand({ KeyId });
  await until(
    'the rotation is done',
    async () => {
      const { OnDemandRotationStartDate } = await kms.getKeyRotationStatus({ KeyId });
      return OnDemandRotationStartDate === undefined ? await materialOf(kms, KeyId) : before;
    },
    (material) => material !== before && material !== '',
  );
  return await materialOf(kms, KeyId);
}

/** The rotations of a key, the oldest first: "ON_DEMAND 7c1d…". */
export async function rotationsOf(kms: KMS, KeyId: string): Promise<string[]> {
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
  return Rotations.map(({ RotationType, KeyMaterialId }) => `${RotationType} ${KeyMaterialId}`);
}
