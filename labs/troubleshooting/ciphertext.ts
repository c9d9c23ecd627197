import type { StepContext } from '../../src/lab/define.js';
import type { Made } from './access.js';
import { order } from './names.js';
import { provoker } from './provoke.js';

type Context = Pick<StepContext, 'kms' | 'verify' | 'note' | 'files' | 'tools'>;

const invalid = 'InvalidCiphertextException';

/** Three ways to a ciphertext that KMS calls invalid, and the way back from each. */
export async function invalidCiphertexts({ kms, verify, note, files, tools }: Context, made: Made): Promise<void> {
  const { KeyId, message, blob } = made;
  // All but the bytes and the context is as in a call that was allowed.
  const { permitted: provoke } = provoker({ verify, note });
  const open = (CiphertextBlob: Uint8Array, EncryptionContext?: Record<string, string>) =>
    kms.decrypt({ KeyId, CiphertextBlob, ...(EncryptionContext && { EncryptionContext }) });

  const broken = await tools.flipped(blob, 'damaged.bin');
  await provoke('damaged on its way: one bit is enough', invalid, () => open(broken));
  await verify.opens('repaired: an undamaged copy opens', open(blob), message);

  // What `aws kms encrypt --query CiphertextBlob --output text > FILE` leaves behind.
  const printed = await tools.base64(blob, 'base64-text.txt');
  await provoke('base64 text in place of the bytes it stands for', invalid, () => open(printed));
  const decoded = Buffer.from(Buffer.from(printed).toString(), 'base64');
  await verify.opens('repaired: decoded, it opens', open(decoded), message);

  const sealed = await kms.encrypt({ KeyId, Plaintext: message, EncryptionContext: order });
  const bound = await files.write('encrypted-for-order.bin', sealed.CiphertextBlob);
  await provoke('an encryption context in other letters', invalid, () => open(bound, { Order: '20931' }));
  await provoke('no encryption context at all', invalid, () => open(bound));
  await verify.opens('repaired: the context it was encrypted with', open(bound, order), message);
}
