/** Lab 5 by hand as a process of its own: `seal INPUT OUTPUT` or `open INPUT OUTPUT`, one call to KMS each. */
import { KMS } from '@aws-sdk/client-kms';
import { open, seal } from '../labs/envelope/by-hand.js';
import { headerFor } from '../labs/envelope/format.js';
import { openOutput, writeAll } from '../src/files/output.js';

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';
const [action, input = '', to = ''] = process.argv.slice(2);
const kms = new KMS();
const KeyId = 'alias/kms-lab-envelope-key';
const context = { purpose: 'bench' };
const work = { signal: new AbortController().signal, onProgress() {} };
const output = await openOutput(to, { replace: true });
const sink = { write: (...pieces: Uint8Array[]) => writeAll(output.file, pieces) };
if (action === 'seal') {
  const asked = { KeyId, KeySpec: 'AES_256', EncryptionContext: context } as const;
  const { Plaintext = new Uint8Array(0), CiphertextBlob = Plaintext } = await kms.generateDataKey(asked);
  await seal(input, Plaintext, headerFor(CiphertextBlob, context), sink, work);
} else {
  const unwrap: Parameters<typeof open>[1] = (CiphertextBlob, EncryptionContext) =>
    kms.decrypt({ KeyId, CiphertextBlob, EncryptionContext });
  await open(input, unwrap, sink, work);
}
await output.keep();
