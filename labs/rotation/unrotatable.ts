import type { StepContext } from '../../src/lab/define.js';

/** Ask a key that signs, made for this alone, to rotate in either way. */
export async function refuseToRotate({ own, kms, verify }: Pick<StepContext, 'own' | 'kms' | 'verify'>): Promise<void> {
  const input = {
    KeySpec: 'ECC_NIST_P256',
    KeyUsage: 'SIGN_VERIFY',
    Description: 'kms-lab: never rotated',
  } as const;
  await own.passing('unrotatable-key', input, async ({ KeyId }) => {
    const name = 'UnsupportedOperationException';
    await verify.refused('it is not rotated on a schedule', kms.enableKeyRotation({ KeyId }), name);
    await verify.refused('nor on demand', kms.rotateKeyOnDemand({ KeyId }), name);
  });
}
