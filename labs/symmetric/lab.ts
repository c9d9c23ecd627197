import { createHash } from 'node:crypto';
import { Lab } from '../../src/lab/define.js';
import { checks } from './check.js';
import { context, keyName, moved } from './names.js';

/** AWS KMS encrypts at most this many bytes in one call (API reference, Encrypt). */
const limit = 4096;

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

export default Lab.define('symmetric', {
  number: 1,
  title: 'Symmetric encryption',
  minutes: 10,
  keys: 1,
  teaches: [
    'one KMS key encrypts and decrypts, and never leaves the HSM',
    'a ciphertext names its key, so decrypting needs no key id',
    'an encryption context is part of the lock',
    'a changed ciphertext is refused, not opened wrongly',
    'the limit is 4,096 bytes: beyond it, use envelope encryption',
  ],
})
  .step(
    'Create a symmetric key',
    'The key is made inside an HSM (FIPS 140-3 Security Level 3) and never leaves it. All you ever hold is its name.',
    async ({ own, kms, verify }) => {
      const made = await own.key(keyName, {
        Description: 'kms-lab: symmetric encryption',
        KeySpec: 'SYMMETRIC_DEFAULT',
        KeyUsage: 'ENCRYPT_DECRYPT',
      });
      const { KeyMetadata: key } = await kms.describeKey({ KeyId: own.alias(keyName) });
      verify.equal(`${own.alias(keyName)} names it`, key?.KeyId, made.KeyId);
      verify.equal('it is Enabled', key?.KeyState, 'Enabled');
      verify.equal('its spec is SYMMETRIC_DEFAULT (AES-256-GCM)', key?.KeySpec, 'SYMMETRIC_DEFAULT');
      verify.equal('its usage is ENCRYPT_DECRYPT', key?.KeyUsage, 'ENCRYPT_DECRYPT');
      verify.equal('AWS KMS made its key material', key?.Origin, 'AWS_KMS');
      verify.equal('you manage it, not an AWS service', key?.KeyManager, 'CUSTOMER');
      return { key: made, alias: own.alias(keyName) };
    },
  )
  .step(
    'Encrypt a file',
    'The plaintext travels to KMS over TLS, the ciphertext comes back. A fresh nonce makes each ciphertext different.',
    async ({ kms, verify, files, note, key, alias }) => {
      const plaintext = await files.sample('plaintext-data.txt');
      const first = await kms.encrypt({ KeyId: alias, Plaintext: plaintext });
      const blob = await files.write('encrypted-data.bin', first.CiphertextBlob);
      verify.equal('the answer names the key by its ARN', first.KeyId, key.Arn);
      verify.hidden('the plaintext does not stand in the ciphertext', blob, plaintext);
      const second = await kms.encrypt({ KeyId: alias, Plaintext: plaintext });
      verify.differentBytes('the same file encrypted again gives another ciphertext', blob, second.CiphertextBlob);
      verify.that('the ciphertext is longer than the plaintext', blob.length > plaintext.length, {
        expected: `more than ${plaintext.length} bytes`,
        got: `${blob.length} bytes`,
      });
      note(`${plaintext.length} bytes of plaintext became ${blob.length} bytes of ciphertext`);
      return { plaintext, blob };
    },
  )
  .step(
    'Decrypt without naming the key',
    'A symmetric ciphertext carries the id of its key. KMS finds the key, checks that you may use it, and opens the blob.',
    async ({ kms, verify, files, key, blob }) => {
      const opened = await kms.decrypt({ CiphertextBlob: blob });
      verify.equal('the answer names the key that opened it', opened.KeyId, key.Arn);
      verify.equal('it was opened with SYMMETRIC_DEFAULT', opened.EncryptionAlgorithm, 'SYMMETRIC_DEFAULT');
      return { decrypted: await files.write('decrypted-data.txt', opened.Plaintext) };
    },
  )
  .step(
    'Compare byte for byte',
    'Encryption is only worth having when what comes back is exactly what went in.',
    async ({ verify, tools, plaintext, decrypted }) => {
      tools.compared('decrypted-data.txt', plaintext);
      verify.sameBytes('the decrypted file is the original, byte for byte', decrypted, plaintext);
      verify.equal('both have the same SHA-256', sha256(decrypted), sha256(plaintext));
    },
  )
  .step(
    'Bind a ciphertext to its context',
    'An encryption context is authenticated with the ciphertext but not stored in it: whoever decrypts must say it again.',
    async ({ kms, verify, files, plaintext, alias }) => {
      const sealed = await kms.encrypt({ KeyId: alias, Plaintext: plaintext, EncryptionContext: context });
      const bound = await files.write('encrypted-with-context.bin', sealed.CiphertextBlob);
      const open = (said?: Record<string, string>) =>
        kms.decrypt({ CiphertextBlob: bound, ...(said && { EncryptionContext: said }) });
      await verify.opens('the same context opens it', open(context), plaintext);
      const reordered = { purpose: 'lab', department: 'finance' };
      await verify.opens('the order of its pairs does not matter', open(reordered), plaintext);
      const wrong = { department: 'marketing', purpose: 'lab' };
      await verify.refused('another context is refused', open(wrong), 'InvalidCiphertextException');
      await verify.refused('no context is refused', open(), 'InvalidCiphertextException');
      return { bound };
    },
  )
  .step(
    'Tamper with the ciphertext',
    'AES-GCM authenticates: one flipped bit, and KMS refuses the whole ciphertext instead of returning damaged data.',
    async ({ kms, verify, tools, blob }) => {
      const changed = await tools.flipped(blob, 'tampered-data.bin');
      const call = kms.decrypt({ CiphertextBlob: changed });
      await verify.refused('the last byte changed by one bit is refused', call, 'InvalidCiphertextException');
    },
  )
  .step(
    'Meet the limit',
    'Encrypt takes up to 4,096 bytes. More data is encrypted locally with a data key: that is lab 5.',
    async ({ kms, verify, files, tools, alias }) => {
      const largest = await tools.random(limit, '4096-bytes.bin');
      const { CiphertextBlob } = await kms.encrypt({ KeyId: alias, Plaintext: largest });
      const blob = await files.write('4096-bytes-encrypted.bin', CiphertextBlob);
      const { Plaintext } = await kms.decrypt({ CiphertextBlob: blob });
      verify.sameBytes('4,096 bytes are encrypted, and come back', Plaintext, largest);
      const tooLarge = await tools.random(limit + 1, '4097-bytes.bin');
      const call = kms.encrypt({ KeyId: alias, Plaintext: tooLarge });
      await verify.refused('4,097 bytes are refused', call, 'ValidationException');
    },
  )
  .step(
    'Re-encrypt without seeing the plaintext',
    'ReEncrypt opens and seals again inside KMS: to another key or, as here, another context. The plaintext stays there.',
    async ({ kms, verify, files, key, alias, bound, plaintext }) => {
      const answer = await kms.reEncrypt({
        CiphertextBlob: bound,
        SourceEncryptionContext: context,
        DestinationKeyId: alias,
        DestinationEncryptionContext: moved,
      });
      const blob = await files.write('reencrypted-data.bin', answer.CiphertextBlob);
      verify.equal('the answer names the destination key', answer.KeyId, key.Arn);
      verify.hidden('the plaintext does not stand in the new ciphertext', blob, plaintext);
      const opened = kms.decrypt({ CiphertextBlob: blob, EncryptionContext: moved });
      await verify.opens('the new context opens it', opened, plaintext);
      const stale = kms.decrypt({ CiphertextBlob: blob, EncryptionContext: context });
      await verify.refused('the old context no longer does', stale, 'InvalidCiphertextException');
    },
  )
  .checkedBy(checks);
