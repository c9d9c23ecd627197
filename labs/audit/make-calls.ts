import type { StepContext } from '../../src/lab/define.js';
import { type Sent, sentFile, toBytes } from './sent.js';

/** What the alias of the lab's key is called. */
export const keyName = 'audit-key';
/** The encryption context of its calls. */
export const EncryptionContext = { department: 'finance', purpose: 'audit-lab' };

/** What must never be in an event. What is kept in memory alone is known to the run that made it, and to no later one. */
export interface Secrets {
  'data key'?: Uint8Array;
  'random bytes'?: Uint8Array;
}

export const plaintextFile = 'customer-record.txt';
export const ciphertextFile = 'encrypted-record.bin';

/** One call of each kind that the lesson reads in CloudTrail; their request ids are saved before anything is looked up. */
export async function makeCalls(context: StepContext): Promise<{ sent: Sent; secrets: Secrets }> {
  const { own, kms, verify, files, clock, place } = context;
  const key = await own.key(keyName, { Description: 'kms-lab: audit', KeySpec: 'SYMMETRIC_DEFAULT' });
  // By its id: an alias that has just moved may still lead to the key before.
  const { KeyId } = key;
  const plaintext = await files.sample(plaintextFile);
  const begun = clock().toISOString();
  const encrypted = await kms.encrypt({ KeyId, Plaintext: plaintext, EncryptionContext });
  const blob = await files.write(ciphertextFile, encrypted.CiphertextBlob);
  const decrypted = await kms.decrypt({ CiphertextBlob: blob, EncryptionContext });
  verify.sameBytes('what was encrypted comes back', decrypted.Plaintext, plaintext);
  const dataKey = await kms.generateDataKey({ KeyId, KeySpec: 'AES_256', EncryptionContext });
  const wrapped = await kms.generateDataKeyWithoutPlaintext({ KeyId, KeySpec: 'AES_256', EncryptionContext });
  const random = await kms.generateRandom({ NumberOfBytes: 32 });
  const keys = await kms.listKeys({ Limit: 10 });
  const answers = {
    Encrypt: encrypted,
    Decrypt: decrypted,
    GenerateDataKey: dataKey,
    GenerateDataKeyWithoutPlaintext: wrapped,
    GenerateRandom: random,
    ListKeys: keys,
  };
  const { account, region, identity } = place;
  const sent: Sent = {
    ...{ account, region, identity, begun, ended: clock().toISOString() },
    ...{ keyArn: key.Arn, keyMaterialId: decrypted.KeyMaterialId, context: EncryptionContext },
    calls: Object.entries(answers).map(([operation, { $metadata }]) => ({
      operation,
      requestId: $metadata.requestId ?? '',
    })),
  };
  await files.write(sentFile, toBytes(sent));
  return {
    sent,
    secrets: {
      ...(dataKey.Plaintext && { 'data key': dataKey.Plaintext }),
      ...(random.Plaintext && { 'random bytes': random.Plaintext }),
    },
  };
}
