import { createDecipheriv, createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { classify } from '../../src/errors.js';
import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { encryptionSdk } from './at-work.js';
import { open, sha256Of, type Work } from './by-hand.js';
import { hasHeader, tagLength } from './format.js';
import { context, keyName } from './names.js';

/** A larger file takes longer than a check may: its wrapped key is graded, and its bytes are not looked at. */
const largest = 256 * 2 ** 20;

const sealedFile = 'file.sealed';
const wrappedKeyFile = 'wrapped-key-of-file.bin';

/** A wrapped data key of the lab's, which opens to 256 bits. */
async function dataKey(it: CheckContext, name: string): Promise<void> {
  const { KeyId, name: under } = await it.key(keyName);
  const opened = await it.grade.opens(name, { KeyId, under, context });
  if (opened) it.grade.that('it is a data key of 256 bits', opened.bytes === 32, 'ask for --key-spec AES_256');
}

/**
 * SHA-256 of what was sealed, by the lab in its own format or by hand as COMMANDS.md does: a nonce of 12 bytes, the encrypted
 * bytes, a tag of 16, and the wrapped key in a file of its own. Throws when it is not as it was sealed.
 */
async function contentOf({ kms, files, signal }: CheckContext, KeyId: string): Promise<string> {
  const hash = createHash('sha256');
  const unwrap = (CiphertextBlob: Uint8Array, EncryptionContext: Record<string, string>) =>
    kms.decrypt({ KeyId, CiphertextBlob, EncryptionContext });
  const bytes = files.read(sealedFile) ?? new Uint8Array();
  if (hasHeader(bytes)) {
    const out = { write: async (piece: Uint8Array) => void hash.update(piece) };
    await open(files.path(sealedFile), unwrap, out, quiet(signal));
    return hash.digest('hex');
  }
  const { Plaintext: dataKey = new Uint8Array() } = await unwrap(files.read(wrappedKeyFile) ?? bytes, context);
  const decipher = createDecipheriv('aes-256-gcm', dataKey, bytes.subarray(0, 12), { authTagLength: tagLength });
  dataKey.fill(0);
  decipher.setAuthTag(bytes.subarray(-tagLength));
  hash.update(decipher.update(bytes.subarray(12, -tagLength))).update(decipher.final());
  return hash.digest('hex');
}

const quiet = (signal: AbortSignal): Work => ({ signal, onProgress() {} });
const sizeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Create a key for data keys': ({ grade }) => grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT' }),

  'Ask for a data key': async (it) => {
    await dataKey(it, 'wrapped-data-key.bin');
    await dataKey(it, 'later.bin');
  },

  'Encrypt a file locally': async (it) => await dataKey(it, wrappedKeyFile),

  'Open it again': async (it) => {
    const [sealed, opened] = [it.files.path(sealedFile), it.files.path('file.opened')];
    if (sizeOf(sealed) === 0) throw new NotGraded(`there is no ${it.files.typed(sealedFile)}`);
    if (sizeOf(sealed) > largest) throw new NotGraded('the file is too large to be read here');
    const { KeyId } = await it.key(keyName);
    const inside = await contentOf(it, KeyId).catch((error: Error) => {
      if (it.signal.aborted || classify(error).kind === 'unreachable') throw error;
      return undefined; // KMS, or the tag, says that it is not what was sealed
    });
    it.grade.that(`${sealedFile} is as it was sealed`, inside !== undefined, 'it was changed: seal the file once more');
    if (!inside || !it.grade.file('file.opened', `open ${sealedFile} into it`)) return;
    const same = (await sha256Of(opened, quiet(it.signal))) === inside;
    it.grade.that('file.opened is what was sealed, byte for byte', same, `open ${sealedFile} once more`);
  },

  'Change one bit': async (it) => {
    await dataKey(it, 'wrapped-key-of-excerpt.bin');
    const { KeyId, name: under } = await it.key(keyName);
    const hint = 'copy wrapped-key-of-excerpt.bin and flip one bit of its last byte';
    const how = { KeyId, under, context };
    await it.grade.refused('tampered-wrapped-key.bin', how, 'InvalidCiphertextException', hint);
  },

  'Do it as one does at work': async (it) => {
    const { Arn } = await it.key(keyName);
    const message = it.files.read('excerpt.encrypted');
    if (!message) throw new NotGraded('there is no message of the AWS Encryption SDK, which the lab itself makes');
    const { decrypt } = await encryptionSdk(it.kmsIn, Arn);
    const opened = await decrypt(message).then(
      ({ plaintext }) => plaintext.fill(0).length > 0,
      (error: Error) => {
        if (error.name === 'LabError') throw error;
        return false;
      },
    );
    it.grade.that('the message of the AWS Encryption SDK opens', opened, 'encrypt it once more, under this key');
  },

  'Encrypt twenty files for one request': leavesNoTrace('the twenty messages are not kept'),
} satisfies Record<string, StepCheck>;
