import { Lab, option } from '../../src/lab/define.js';
import { encryptionSdk, inTurn, twentyFiles } from './at-work.js';
import { open, seal, seeing, sha256 } from './by-hand.js';
import { refuseEveryChange } from './changed.js';
import { checks } from './check.js';
import { encodeHeader, type Header, headerFor, tagLength } from './format.js';
import { context, keyName } from './names.js';
import * as byHand from './on-paper.js';
import { beginning, checkFile, mebibytes, sourceFile, watched } from './source.js';
import { flipped } from './tamper.js';

const none = new Uint8Array(0);
const bySdk =
  'Not by hand: the AWS Encryption SDK makes these calls. `kms-lab envelope encrypt FILE` uses it on your own files.';

export default Lab.define('envelope', {
  number: 5,
  title: 'Envelope encryption',
  minutes: 15,
  keys: 1,
  teaches: [
    'a data key encrypts the data, the KMS key encrypts the data key',
    'a file of any size costs one request, and none of it goes to KMS',
    'the plaintext data key lives in memory, for moments',
    'a changed envelope is refused, and leaves no output',
    'the AWS Encryption SDK does all that, and caches data keys',
  ],
  options: { file: option.text('<file>', 'encrypt this file, up to 64 GiB (default: a generated sample of 64 MiB)') },
  check: ({ file }) => checkFile(file),
})
  .step(
    'Create a key for data keys',
    'An ordinary symmetric key. It never meets your data: all it will ever encrypt is other keys, 32 bytes each.',
    async ({ own, kms, verify }) => {
      const key = await own.key(keyName, { Description: 'kms-lab: envelope encryption' });
      const alias = own.alias(keyName);
      const { KeyMetadata: named } = await kms.describeKey({ KeyId: alias });
      verify.equal(`${alias} names it`, named?.KeyId, key.KeyId);
      verify.equal('its spec is SYMMETRIC_DEFAULT (AES-256-GCM)', named?.KeySpec, 'SYMMETRIC_DEFAULT');
      const unwrap = (CiphertextBlob: Uint8Array, EncryptionContext?: Header['context']) =>
        kms.decrypt({ KeyId: key.Arn, CiphertextBlob, ...(EncryptionContext && { EncryptionContext }) });
      return { key, alias, unwrap };
    },
  )
  .step(
    'Ask for a data key',
    'GenerateDataKey gives one key in two forms: in the clear, to use now, and wrapped by the KMS key, to keep.',
    async ({ kms, verify, files, key, alias, unwrap }) => {
      const asked = { KeyId: alias, KeySpec: 'AES_256', EncryptionContext: context } as const;
      const ask = () => kms.generateDataKey(asked);
      const { Plaintext: dataKey = none, CiphertextBlob, KeyId } = await ask();
      const wrapped = await files.write('wrapped-data-key.bin', CiphertextBlob);
      verify.equal('the answer names the KMS key', KeyId, key.Arn);
      verify.equal('the data key has 256 bits', dataKey.length * 8, 256);
      verify.hidden('it does not stand in its wrapped form', wrapped, dataKey);
      await verify.opens('KMS unwraps it: the same key', unwrap(wrapped, context), dataKey);
      const other = unwrap(wrapped, { ...context, purpose: 'another' });
      await verify.refused('in another context it does not', other, 'InvalidCiphertextException');
      await verify.refused('without a context it does not', unwrap(wrapped), 'InvalidCiphertextException');
      const { Plaintext: second = none } = await ask();
      verify.differentBytes('asked again, KMS gives another data key', second, dataKey);
      const later = await kms.generateDataKeyWithoutPlaintext(asked);
      const { Plaintext: third = none } = await unwrap(await files.write('later.bin', later.CiphertextBlob), context);
      verify.equal('a data key for later comes wrapped, and is unwrapped when it is needed', third.length * 8, 256);
      verify.differentBytes('it is a data key of its own', third, dataKey);
      for (const used of [dataKey, second, third]) used.fill(0);
      return { ask };
    },
  )
  .step(
    'Encrypt a file locally',
    'The file stays here. It is encrypted piece by piece with AES-256-GCM; the wrapped key goes into its header.',
    async ({ verify, files, tools, note, signal, working, options, ask }) => {
      const work = watched(signal, working);
      const source = await sourceFile(options.file, files, work);
      const { Plaintext: dataKey = none, CiphertextBlob } = await ask();
      const header = headerFor(await files.write('wrapped-key-of-file.bin', CiphertextBlob), context);
      const sealed = await files.create('file.sealed', (out) => seal(source.path, dataKey, header, out, work));
      await files.sample('gcm.mjs');
      tools.onPaper({ act: 'random', bytes: 1_000_000, into: 'file.bin' }, byHand.seal('file', header.wrappedKey));
      const start = encodeHeader(header).length;
      verify.equal('the envelope is longer by header and tag', sealed.bytes - source.bytes, start + tagLength);
      const [plain, body] = [await beginning(source.path, 64), await beginning(sealed.path, start + 64)];
      verify.differentBytes('its body is not the file', body.subarray(start, start + plain.length), plain);
      verify.equal('the buffer of the plaintext key is zeroed', Buffer.compare(dataKey, Buffer.alloc(32)), 0);
      note(`${mebibytes(source.bytes)} encrypted with one request to KMS, which carried not a byte of them`);
      return { source, sealed, work, header };
    },
  )
  .step(
    'Open it again',
    'The header holds all that is needed but the KMS key: KMS unwraps the data key, the rest happens here.',
    async ({ verify, files, tools, source, sealed, work, header, unwrap }) => {
      const start = await beginning(sealed.path);
      const looked = seeing(unwrap, (key) => verify.hidden('the plaintext key does not stand in it', start, key));
      const opening = files.create('file.opened', (out) => open(sealed.path, looked, out, work));
      const opened = await verify.allowed('the tag is right: nothing was changed', opening);
      verify.equal('what comes out has the same SHA-256', opened?.sha256, source.sha256);
      const same = { act: 'same', one: 'file.opened', other: 'file.bin' } as const;
      tools.onPaper(byHand.open('file', header.wrappedKey), same);
    },
  )
  .step(
    'Change one bit',
    'Of a large file most is decrypted before the tag can be checked. So the output gets its name only afterwards.',
    async ({ verify, files, tools, source, work, ask, unwrap }) => ({
      excerpt: await refuseEveryChange({ verify, files, tools }, { source, work, ask, unwrap, context }),
    }),
  )
  .step(
    'Do it as one does at work',
    'The AWS Encryption SDK: the same idea, reviewed by many eyes, in a format that its other languages open too.',
    async ({ kmsIn, verify, files, note, again, key, excerpt }) => {
      const plaintext = await beginning(excerpt.path);
      const { encrypt, decrypt } = await encryptionSdk(kmsIn, key.Arn);
      const { bytes, wrappedKey, keyArn } = await encrypt(plaintext, context);
      await files.write('excerpt.encrypted', bytes);
      await files.write('wrapped-key-of-message.bin', wrappedKey);
      verify.equal('its message names the KMS key', keyArn, key.Arn);
      const opened = await verify.allowed('it opens its message', decrypt(bytes));
      verify.sameBytes('what comes out is what went in', opened?.plaintext, plaintext);
      verify.equal('and says in which context', opened?.context.purpose, context.purpose);
      const changed = decrypt(flipped(bytes, bytes.length - 120)); // before the signature, which has some 105 bytes
      await verify.refused('a message changed by one bit is refused', changed, 'NotAuthentic');
      note(`for your own files: ${again('envelope', 'encrypt', 'FILE')}`);
    },
    { byHand: bySdk },
  )
  .step(
    'Encrypt twenty files for one request',
    'A cache hands out the same data key for a while; each message has a key of its own derived from it.',
    async ({ kmsIn, verify, files, key, excerpt }) => {
      const { calls, cached } = await encryptionSdk(kmsIn, key.Arn);
      const twenty = twentyFiles(await beginning(excerpt.path, 1000));
      const messages = await inTurn(twenty, (file) => cached.encrypt(file, context));
      verify.equal('20 files cost one GenerateDataKey', calls.GenerateDataKey, 1);
      const [wrapped, ...others] = new Map(messages.map(({ wrappedKey }) => [sha256(wrappedKey), wrappedKey])).values();
      await files.write('wrapped-key-of-twenty.bin', wrapped);
      verify.equal('all carry the same wrapped key', others.length, 0);
      const ids = new Set(messages.map(({ id }) => id));
      verify.equal('each message has an id, and with it a key, of its own', ids.size, 20);
      const opened = await inTurn(messages, async ({ bytes }) => (await cached.decrypt(bytes)).plaintext);
      verify.sameBytes('each gives back its file', Buffer.concat(opened), Buffer.concat(twenty));
      verify.equal('all are opened with one Decrypt', calls.Decrypt, 1);
    },
    { byHand: bySdk },
  )
  .checkedBy(checks);
