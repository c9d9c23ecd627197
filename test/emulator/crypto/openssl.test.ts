import { createHash } from 'node:crypto';
import type { SigningAlgorithmSpec } from '@aws-sdk/client-kms';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey, newKeys } from '../../support/new-keys.js';
import { onPath } from '../../support/on-path.js';
import { exchange, openssl } from '../../support/peers.js';

const here = onPath('openssl', '--help');

let on: KmsUnderTest;
let signers: Record<(typeof specs)[number], string>;
const files = exchange();
const specs = [
  'RSA_2048',
  'ECC_NIST_P256',
  'ECC_NIST_P384',
  'ECC_NIST_P521',
  'ECC_SECG_P256K1',
  'ECC_NIST_EDWARDS25519',
] as const;
beforeAll(async () => {
  on = await kmsUnderTest();
  signers = await newKeys(on.kms, specs, 'SIGN_VERIFY');
});
afterAll(async () => {
  files.remove();
  await on.close();
});

const message = Buffer.from('hello, OpenSSL');

async function publicKeyFile(KeyId: string): Promise<string> {
  const { PublicKey } = await on.kms.getPublicKey({ KeyId });
  return files.write(`${KeyId}.der`, PublicKey as Uint8Array);
}

/** Padding options that OpenSSL needs beside the hash. */
const padding = (algorithm: string) =>
  algorithm.includes('PSS') ? ['-sigopt', 'rsa_padding_mode:pss', '-sigopt', 'rsa_pss_saltlen:digest'] : [];

describe.skipIf(!here)('OpenSSL', () => {
  const algorithms: [(typeof specs)[number], SigningAlgorithmSpec][] = [
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_256'],
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_384'],
    ['RSA_2048', 'RSASSA_PKCS1_V1_5_SHA_512'],
    ['RSA_2048', 'RSASSA_PSS_SHA_256'],
    ['RSA_2048', 'RSASSA_PSS_SHA_384'],
    ['RSA_2048', 'RSASSA_PSS_SHA_512'],
    ['ECC_NIST_P256', 'ECDSA_SHA_256'],
    ['ECC_NIST_P384', 'ECDSA_SHA_384'],
    ['ECC_NIST_P521', 'ECDSA_SHA_512'],
    ['ECC_SECG_P256K1', 'ECDSA_SHA_256'],
  ];

  it.each(algorithms)('verifies what %s signs with %s, whoever made the hash', async (spec, SigningAlgorithm) => {
    const KeyId = signers[spec];
    const hash = `sha${SigningAlgorithm.slice(-3)}`;
    const digest = createHash(hash).update(message).digest();
    const key = ['-keyform', 'DER', '-verify', await publicKeyFile(KeyId)];
    for (const [MessageType, Message] of [
      ['RAW', message],
      ['DIGEST', digest],
    ] as const) {
      const { Signature } = await on.kms.sign({ KeyId, SigningAlgorithm, Message, MessageType });
      const signature = files.write('signature', Signature as Uint8Array);
      const run = (data: Uint8Array) =>
        openssl(
          'dgst',
          `-${hash}`,
          ...key,
          ...padding(SigningAlgorithm),
          '-signature',
          signature,
          files.write('data', data),
        );
      expect(run(message).stdout.toString()).toBe('Verified OK\n');
      expect(run(Buffer.from('hello, OpenSSl')).status).not.toBe(0);
    }
  });

  it('verifies what Ed25519 signs', async () => {
    const KeyId = signers.ECC_NIST_EDWARDS25519;
    const { Signature } = await on.kms.sign({ KeyId, SigningAlgorithm: 'ED25519_SHA_512', Message: message });
    const args = ['-verify', '-pubin', '-keyform', 'DER', '-inkey', await publicKeyFile(KeyId), '-rawin'];
    const data = ['-in', files.write('data', message), '-sigfile', files.write('signature', Signature as Uint8Array)];
    expect(openssl('pkeyutl', ...args, ...data).stdout.toString()).toContain('Signature Verified Successfully');
  });

  it.each([
    ['RSAES_OAEP_SHA_1', 'sha1'],
    ['RSAES_OAEP_SHA_256', 'sha256'],
  ] as const)('encrypts for %s what KMS decrypts', async (EncryptionAlgorithm, hash) => {
    const KeyId = await newKey(on.kms, 'RSA_2048', 'ENCRYPT_DECRYPT');
    const key = ['-encrypt', '-pubin', '-keyform', 'DER', '-inkey', await publicKeyFile(KeyId)];
    const oaep = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
    const options = oaep.flatMap((option) => ['-pkeyopt', option]);
    const { stdout } = openssl('pkeyutl', ...key, ...options, '-in', files.write('data', message));
    const { Plaintext } = await on.kms.decrypt({ KeyId, CiphertextBlob: stdout, EncryptionAlgorithm });
    expect(Buffer.compare(Plaintext as Uint8Array, message)).toBe(0);
  });

  it.each([
    ['ECC_NIST_P256', 'P-256'],
    ['ECC_NIST_P384', 'P-384'],
    ['ECC_NIST_P521', 'P-521'],
  ] as const)('agrees with %s on a secret', async (spec, curve) => {
    const KeyId = await newKey(on.kms, spec, 'KEY_AGREEMENT');
    const own = files.path('own.pem');
    openssl('genpkey', '-algorithm', 'EC', '-pkeyopt', `ec_paramgen_curve:${curve}`, '-out', own);
    const { stdout: PublicKey } = openssl('pkey', '-in', own, '-pubout', '-outform', 'DER');
    const reply = await on.kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey });
    const peer = ['-peerkey', await publicKeyFile(KeyId), '-peerform', 'DER'];
    const { stdout } = openssl('pkeyutl', '-derive', '-inkey', own, ...peer);
    expect(Buffer.compare(reply.SharedSecret as Uint8Array, stdout)).toBe(0);
  });

  it('signs with a data key pair what its public key verifies', async () => {
    const pair = await on.kms.generateDataKeyPair({ KeyId: await on.key(), KeyPairSpec: 'ECC_SECG_P256K1' });
    const signing = files.write('private.der', pair.PrivateKeyPlaintext as Uint8Array);
    const verifying = files.write('public.der', pair.PublicKey as Uint8Array);
    const data = files.write('data', message);
    const { stdout } = openssl('dgst', '-sha256', '-keyform', 'DER', '-sign', signing, data);
    const signature = files.write('signature', stdout);
    const check = openssl('dgst', '-sha256', '-keyform', 'DER', '-verify', verifying, '-signature', signature, data);
    expect(check.stdout.toString()).toBe('Verified OK\n');
  });
});
