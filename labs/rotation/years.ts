import type { StepContext } from '../../src/lab/define.js';
import { materialOf } from './material.js';

const day = 86_400_000;

export interface Years {
  KeyId: string;
  /** Days between two automatic rotations. */
  period: number;
  /** Encrypted before any rotation. */
  sealed: Uint8Array;
  message: Uint8Array;
}

/** Let the clock of a copy of the world pass two periods: KMS rotates by itself, on the dates that it told. */
export async function letTimePass(
  { simulate, verify }: Pick<StepContext, 'simulate' | 'verify'>,
  { KeyId, period, sealed, message }: Years,
): Promise<void> {
  await simulate.world(async ({ kms: kmsIn, advance }) => {
    const kms = kmsIn();
    const automatic = async () => {
      const { Rotations = [] } = await kms.listKeyRotations({ KeyId });
      return Rotations.filter(({ RotationType }) => RotationType === 'AUTOMATIC');
    };
    const { NextRotationDate } = await kms.getKeyRotationStatus({ KeyId });
    const before = await materialOf(kms, KeyId);
    advance({ days: period - 1 });
    verify.equal('a day before its time nothing has happened', (await automatic()).length, 0);
    advance({ days: 2 });
    const [first] = await automatic();
    const due = NextRotationDate?.toISOString() ?? 'a date, which KMS did not tell';
    verify.equal('on the date that KMS told it rotated by itself', first?.RotationDate?.toISOString(), due);
    const after = await materialOf(kms, KeyId);
    verify.that('the key has new material again', after !== '' && after !== before, {
      expected: `other than ${before}`,
      got: after,
    });
    advance({ days: period });
    const [one, other] = (await automatic()).map(({ RotationDate }) => Number(RotationDate) / day);
    const apart = one === undefined || other === undefined ? undefined : other - one;
    verify.equal(`and once more, ${period} days later`, apart, period);
    await verify.opens('the first ciphertext opens still', kms.decrypt({ CiphertextBlob: sealed }), message);
  });
}
