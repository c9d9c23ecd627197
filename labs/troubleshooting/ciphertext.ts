import type { StepContext } from '../../src/lab/define.js';
import type { Made } from './access.js';
import { order } from './names.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'verify' | 'note' | 'files'>;

const invalid = 'InvalidCiphertextException';

/** The same bytes with the lowest bit of the last one flipped. */
function damaged(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
}

/** Three ways to a ciphertext that KMS calls invalid, and the way back from each. */
export async function invalidCiphertexts({ kms, verify, note, files }: Context, made: Made): Promise<void> {
  const { KeyId, message, blob } = made;
  const provoke = provoker({ verify, note });
  const open = (CiphertextBlob: Uint8Array, EncryptionContext?: Record<string, string>) =>
    kms.decrypt({ KeyId, CiphertextBlob, ...(EncryptionContext && { EncryptionContext }) });

  const broken = await files.write('damaged.bin', damaged(blob));
  await provoke('damaged on its way: one bit is enough', invalid, () => open(broken));
  await verify.opens('repaired: an undamaged copy opens', open(blob), message);

  // What `aws kms encrypt --query CiphertextBlob --output text > FILE` leaves behind.
  const printed = await files.write('base64-text.txt', Buffer.from(Buffer.from(blob).toString('base64')));
  await provoke('base64 text in place of the bytes it stands for', invalid, () => open(printed));
  const decoded = Buffer.from(Buffer.from(printed).toString(), 'base64');
  await verify.opens('repaired: decoded, it opens', open(decoded), message);

  const sealed = await kms.encrypt({ KeyId, Plaintext: message, EncryptionContext: order });
  const bound = await files.write('encrypted-for-order.bin', sealed.CiphertextBlob);
  await provoke('an encryption context in other letters', invalid, () => open(bound, { Order: '20931' }));
  await provoke('no encryption context at all', invalid, () => open(bound));
  await verify.opens('repaired: the context it was encrypted with', open(bound, order), message);
}
