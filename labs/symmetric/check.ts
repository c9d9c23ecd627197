import { type CheckContext, type StepCheck, Waiting } from '../../src/lab/define.js';
import { context, keyName, moved } from './names.js';

const under = async ({ key }: CheckContext) => {
  const { KeyId, name } = await key(keyName);
  return { KeyId, under: name };
};
const plaintext = ({ files }: CheckContext) => files.sample('plaintext-data.txt');

/** What each step leaves behind, for `kms-lab check`. */
export const checks = {
  'Create a symmetric key': ({ grade }) =>
    grade.key(keyName, { KeySpec: 'SYMMETRIC_DEFAULT', KeyUsage: 'ENCRYPT_DECRYPT', Origin: 'AWS_KMS' }),

  'Encrypt a file': async (it) => it.grade.opens('encrypted-data.bin', await under(it), await plaintext(it)),

  'Decrypt without naming the key': async ({ grade }) =>
    grade.file('decrypted-data.txt', 'decrypt encrypted-data.bin into it'),

  'Compare byte for byte': async (it) => {
    const decrypted = it.files.read('decrypted-data.txt');
    if (!decrypted) throw new Waiting('there is no decrypted-data.txt to compare');
    const same = Buffer.compare(decrypted, await plaintext(it)) === 0;
    const hint = 'decrypt once more, and mind that --output text is base64: … | base64 --decode > FILE';
    it.grade.that('decrypted-data.txt is the original, byte for byte', same, hint);
  },

  'Bind a ciphertext to its context': async (it) =>
    it.grade.opens('encrypted-with-context.bin', { ...(await under(it)), context }, await plaintext(it)),

  'Tamper with the ciphertext': async (it) => {
    const hint = 'copy encrypted-data.bin and flip one bit of its last byte';
    await it.grade.refused('tampered-data.bin', await under(it), 'InvalidCiphertextException', hint);
  },

  'Meet the limit': async (it) => {
    const how = await under(it);
    const largest = it.grade.file('4096-bytes.bin', 'make a file of 4,096 bytes');
    if (!largest) return;
    it.grade.that('it has 4,096 bytes', largest.length === 4096, `it has ${largest.length}: make it again`);
    await it.grade.opens('4096-bytes-encrypted.bin', how, largest);
  },

  'Re-encrypt without seeing the plaintext': async (it) =>
    it.grade.opens('reencrypted-data.bin', { ...(await under(it)), context: moved }, await plaintext(it)),
} satisfies Record<string, StepCheck>;
