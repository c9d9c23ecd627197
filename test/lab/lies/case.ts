import type { KMS } from '@aws-sdk/client-kms';
import type { Lie } from '../liar.js';

/** A way in which a KMS can lie, and how a lab notices. */
export interface Case {
  lie: string;
  of: () => Lie;
  /** Exactly these claims fail. */
  fails: string[];
  skips: string[];
}

/** Steps that use the plaintext or the blob of 1.2, or what such steps return. */
export const afterEncrypt = ['1.3', '1.4', '1.5', '1.6', '1.8'];

/** The same bytes but for the last bit. */
export const flipped = (bytes: Uint8Array = new Uint8Array(1)) => {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
};

/** The ARN of a key that the lab knows nothing of. */
export const otherKey = async (kms: KMS) => (await kms.createKey({})).KeyMetadata?.Arn ?? '';
