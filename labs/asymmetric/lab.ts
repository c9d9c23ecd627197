import { Lab } from '../../src/lab/define.js';
import { checks } from './check.js';
import { encryptScript, encryptTo, openSslWords } from './encrypting.js';
import { signLargeFile } from './large-file.js';
import { limits, meetLimit } from './limits.js';
import { keyName } from './names.js';
import { derOf, kindOf, pemOf } from './public-key.js';
import { ed25519, mlDsa65, p256, refuseChanges, sign } from './signing.js';

const EncryptionAlgorithm = 'RSAES_OAEP_SHA_256';

export default Lab.define('asymmetric', {
  number: 2,
  title: 'Asymmetric keys',
  minutes: 15,
  keys: 4,
  teaches: [
    'the public key leaves KMS, the private key never does',
    'whoever has the public key encrypts without AWS; only KMS decrypts',
    'RSA_2048 encrypts 190 bytes at most: it is made for keys, not for data',
    'KMS signs, and anybody verifies, without AWS and for ever',
    'a file of any size is signed through its digest',
  ],
})
  .step(
    'Make an RSA key pair',
    'CreateKey makes two keys that belong together. The private one stays in the HSM; spec and usage are for ever.',
    async ({ own, kms, verify }) => {
      const Description = 'kms-lab: asymmetric encryption';
      const made = await own.key(keyName, { Description, KeySpec: 'RSA_2048', KeyUsage: 'ENCRYPT_DECRYPT' });
      const alias = own.alias(keyName);
      const { KeyMetadata: key } = await kms.describeKey({ KeyId: alias });
      verify.equal(`${alias} names it`, key?.KeyId, made.KeyId);
      verify.equal('it is Enabled', key?.KeyState, 'Enabled');
      verify.equal('its spec is RSA_2048', key?.KeySpec, 'RSA_2048');
      verify.equal('its usage is ENCRYPT_DECRYPT', key?.KeyUsage, 'ENCRYPT_DECRYPT');
      const algorithms = key?.EncryptionAlgorithms?.toSorted().join(' and ');
      verify.equal('it knows RSAES_OAEP_SHA_1 and RSAES_OAEP_SHA_256', algorithms, Object.keys(limits).join(' and '));
      return { key: made, alias };
    },
  )
  .step(
    'Take the public key home',
    'GetPublicKey gives it as DER; most programs want the same as text, PEM. It is no secret: publish it.',
    async ({ kms, verify, files, tools, key, alias }) => {
      const answer = await kms.getPublicKey({ KeyId: alias });
      const publicKey = await files.write('public-key.der', answer.PublicKey);
      verify.equal('the answer names the key by its ARN', answer.KeyId, key.Arn);
      verify.equal('it is an RSA public key of 2,048 bits', kindOf(publicKey), 'rsa 2048');
      verify.equal('it is there to encrypt with', answer.KeyUsage, 'ENCRYPT_DECRYPT');
      const pem = await files.write('public-key.pem', pemOf(publicKey));
      tools.byHand('openssl', ['pkey', '-pubin', '-inform', 'DER', '-in', files.pathOf(publicKey)], pem);
      verify.sameBytes('the PEM file holds the same key', derOf(pem), publicKey);
      return { publicKey, pem };
    },
  )
  .step(
    'Encrypt without AWS',
    'This machine and the public key: no call, no credentials, no permission. OAEP needs a hash; here it is SHA-256.',
    async ({ verify, files, tools, note, publicKey, pem }) => {
      const plaintext = await files.sample('small-plaintext.txt');
      const byNode = await files.write('encrypted-by-node.bin', encryptTo(publicKey, plaintext));
      tools.byHand('node', ['-e', encryptScript, files.pathOf(publicKey), files.pathOf(plaintext)], byNode);
      note(`a ciphertext of RSA is as long as the modulus: ${byNode.length} bytes`);
      const again = encryptTo(publicKey, plaintext);
      verify.differentBytes('encrypted again it gives other bytes: OAEP is random', again, byNode);
      const words = openSslWords(files.pathOf(pem), files.pathOf(plaintext));
      const { bytes: byOpenSsl, why } = await tools.run('openssl', words, 'encrypted-by-openssl.bin');
      if (byOpenSsl) verify.differentBytes('OpenSSL encrypts it to other bytes, too', byOpenSsl, byNode);
      else note(`not tried with OpenSSL, so nothing is claimed of it: ${why}`);
      return { plaintext, byNode, byOpenSsl };
    },
  )
  .step(
    'Decrypt in KMS',
    'Only the private key opens it. The blob does not say whose it is, so key and algorithm must be named.',
    async ({ kms, verify, files, tools, key, alias, plaintext, byNode, byOpenSsl }) => {
      const open = (CiphertextBlob: Uint8Array) => kms.decrypt({ KeyId: alias, CiphertextBlob, EncryptionAlgorithm });
      const opened = await open(byNode);
      const decrypted = await files.write('decrypted-by-kms.txt', opened.Plaintext);
      tools.compared('decrypted-by-kms.txt', plaintext);
      verify.sameBytes('KMS opens what Node.js encrypted, byte for byte', decrypted, plaintext);
      verify.equal('the answer names the key', opened.KeyId, key.Arn);
      verify.equal('it was opened with RSAES_OAEP_SHA_256', opened.EncryptionAlgorithm, EncryptionAlgorithm);
      if (byOpenSsl) await verify.opens('KMS opens what OpenSSL encrypted', open(byOpenSsl), plaintext);
    },
  )
  .step(
    'Use it wrongly',
    'Algorithm and usage are part of the key. What does not fit is refused, and so is a ciphertext that was changed.',
    async (context) => {
      const { kms, verify, tools, alias, plaintext, byNode } = context;
      const sealed = { KeyId: alias, CiphertextBlob: byNode };
      const sha1 = kms.decrypt({ ...sealed, EncryptionAlgorithm: 'RSAES_OAEP_SHA_1' });
      await verify.refused('the other hash does not open it', sha1, 'InvalidCiphertextException');
      const none = kms.decrypt(sealed);
      await verify.refused('no algorithm means SYMMETRIC_DEFAULT: refused', none, 'InvalidKeyUsageException');
      const CiphertextBlob = await tools.flipped(byNode, 'tampered-by-one-bit.bin');
      const tampered = kms.decrypt({ ...sealed, CiphertextBlob, EncryptionAlgorithm });
      await verify.refused('a changed ciphertext is refused', tampered, 'InvalidCiphertextException');
      const signing = kms.sign({ KeyId: alias, Message: plaintext, SigningAlgorithm: 'RSASSA_PSS_SHA_256' });
      await verify.refused('a key that decrypts does not sign', signing, 'InvalidKeyUsageException');
    },
  )
  .step(
    'Meet the limits',
    'The hash takes its share of the 256 bytes. Encrypt a data key with it, and the data with that: lab 5.',
    async (context) => {
      await meetLimit(context, context.alias, 'RSAES_OAEP_SHA_1');
      await meetLimit(context, context.alias, 'RSAES_OAEP_SHA_256');
    },
  )
  .step(
    'Sign a message',
    'Another key, for signatures: ECC_NIST_P256. KMS signs with the private key; to verify, the public one is enough.',
    async (context) => ({ signed: await sign(context, p256) }),
  )
  .step(
    'Change what was signed',
    'Another digit in the order, or one bit of the signature: nobody can be talked into it.',
    async (context) => {
      const { kms, verify, signed } = context;
      await refuseChanges(context, signed);
      const { alias: KeyId, message: Message } = signed;
      const larger = kms.sign({ KeyId, Message, SigningAlgorithm: 'ECDSA_SHA_384' });
      await verify.refused('the algorithm of another curve is refused', larger, 'InvalidKeyUsageException');
      const call = kms.encrypt({ KeyId, Plaintext: Message, EncryptionAlgorithm });
      await verify.refused('a key that signs does not encrypt', call, 'InvalidKeyUsageException');
    },
  )
  .step(
    'Sign a large file',
    'Sign takes 4,096 bytes. Of anything larger take the digest here, and let KMS sign that: MessageType DIGEST.',
    async (context) => signLargeFile(context, context.signed),
  )
  .step(
    'Sign with Ed25519',
    'The same steps with the key type of SSH and of modern protocols. Its signatures are 64 bytes.',
    async (context) => refuseChanges(context, await sign(context, ed25519)),
    { optional: true },
  )
  .step(
    'Sign so that a quantum computer could not forge it',
    'ML-DSA (FIPS 204) has larger keys and signatures, 3,309 bytes here, and stands where RSA and curves would fall.',
    async (context) => refuseChanges(context, await sign(context, mlDsa65)),
    { optional: true },
  )
  .checkedBy(checks);
