import type { StepContext } from '../../src/lab/define.js';

/** The most bytes that RSA_2048 encrypts: its 256 bytes less two hashes and two bytes (RFC 8017, section 7.1.1). */
export const limits = { RSAES_OAEP_SHA_1: 256 - 2 * 20 - 2, RSAES_OAEP_SHA_256: 256 - 2 * 32 - 2 } as const;

/** As many bytes as the algorithm's limit come back from KMS, and one more is refused. */
export async function meetLimit(
  { kms, verify, files, tools }: StepContext,
  KeyId: string,
  EncryptionAlgorithm: keyof typeof limits,
): Promise<void> {
  const limit = limits[EncryptionAlgorithm];
  const how = { KeyId, EncryptionAlgorithm };
  const largest = await tools.random(limit, `${limit}-bytes.bin`);
  const sealed = await kms.encrypt({ ...how, Plaintext: largest });
  const CiphertextBlob = await files.write(`${limit}-bytes-encrypted.bin`, sealed.CiphertextBlob);
  const opened = kms.decrypt({ ...how, CiphertextBlob });
  await verify.opens(`${EncryptionAlgorithm}: ${limit} bytes are encrypted, and come back`, opened, largest);
  const tooLarge = await tools.random(limit + 1, `${limit + 1}-bytes.bin`);
  const refusal = kms.encrypt({ ...how, Plaintext: tooLarge });
  await verify.refused(`${EncryptionAlgorithm}: ${limit + 1} bytes are refused`, refusal, 'ValidationException');
}
