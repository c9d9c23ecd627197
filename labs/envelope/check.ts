import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { type CheckContext, leavesNoTrace, NotGraded, type StepCheck } from '../../src/lab/define.js';
import { encryptionSdk } from './at-work.js';
import { open, sha256Of, type Work } from './by-hand.js';
import { context, keyName } from './names.js';

/** A larger file takes longer than a check may: its wrapped key is graded, and its bytes are not looked at. */
const largest = 256 * 2 ** 20;

const sealedFile = 'file.sealed';

/** A wrapped data key of the lab's, which opens to 256 bits. */
async function dataKey(it: CheckContext, name: string): Promise<void> {
  const { KeyId, name: under } = await it.key(keyName);
  const opened = await it.grade.opens(name, { KeyId, under, context });
  if (opened) it.grade.that('it is a data key of 256 bits', opened.bytes === 32, 'ask for --key-spec AES_256');
}

/** SHA-256 of what an envelope of the lab holds; throws when it is not as it was sealed. */
async function contentOf({ key, kms, files, signal }: CheckContext): Promise<string> {
  const { KeyId } = await key(keyName);
  const hash = createHash('sha256');
  const unwrap = (CiphertextBlob: Uint8Array, bound: Record<string, string>) =>
    kms.decrypt({ KeyId, CiphertextBlob, EncryptionContext: bound });
  const out = { write: async (bytes: Uint8Array) => void hash.update(bytes) };
  await open(files.path(sealedFile), unwrap, out, quiet(signal));
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

  'Encrypt a file locally': async (it) => await dataKey(it, 'wrapped-key-of-file.bin'),

  'Open it again': async (it) => {
    const [sealed, opened] = [it.files.path(sealedFile), it.files.path('file.opened')];
    if (sizeOf(sealed) === 0)
      throw new NotGraded(`there is no ${it.files.typed(sealedFile)}, which the lab itself makes`);
    if (sizeOf(sealed) > largest) throw new NotGraded('the file is too large to be read here');
    const inside = await contentOf(it).catch((error: Error) => {
      if (error.name !== 'NotAuthentic') throw error;
      return undefined;
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
