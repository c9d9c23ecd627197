import type { KMS } from '@aws-sdk/client-kms';
import type { StepContext } from '../../src/lab/define.js';

/** The id of the key material that encrypts now; empty when KMS tells none. */
export async function materialOf(kms: KMS, KeyId: string): Promise<string> {
  return (await kms.describeKey({ KeyId })).KeyMetadata?.CurrentKeyMaterialId ?? '';
}

/**
 * Rotate now, and claim that the key has another material when it is done: when the status tells of no rotation under way.
 * @returns the id of the key material that encrypts then
 */
export async function rotate(
  { kms, verify }: Pick<StepContext, 'kms' | 'verify'>,
  claim: string,
  KeyId: string,
  before: string,
): Promise<string> {
  await kms.rotateKeyOnDemand({ KeyId });
  let material = before;
  await verify.soon.that(claim, async () => {
    const { OnDemandRotationStartDate: underWay } = await kms.getKeyRotationStatus({ KeyId });
    if (underWay === undefined) material = await materialOf(kms, KeyId);
    const holds = material !== before && material !== '';
    return { holds, expected: `other than ${before}`, got: material || 'none' };
  });
  return material;
}

/** The rotations of a key, the oldest first: "ON_DEMAND 7c1d…". */
export async function rotationsOf(kms: KMS, KeyId: string): Promise<string[]> {
  const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
  return Rotations.map(({ RotationType, KeyMaterialId }) => `${RotationType} ${KeyMaterialId}`);
}
