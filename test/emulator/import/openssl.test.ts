import { createHmac, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newExternalKey, parametersFor } from '../../support/imports.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import '../../support/quick-rsa.js';
import { exchange, openssl } from '../../support/peers.js';

/** LibreSSL, which macOS calls openssl, has no AES key wrap. */
const there = openssl('version').stdout?.toString().startsWith('OpenSSL') ?? false;
let on: KmsUnderTest;
const files = exchange();
beforeAll(async () => {
  on = await kmsUnderTest();
});
afterAll(async () => {
  files.remove();
  await on.close();
});

function run(...args: string[]): void {
  const { status, stderr } = openssl(...args);
  if (status !== 0) throw new Error(stderr);
}

/** "Step 3: Encrypt the key material" in the Developer Guide. */
function wrapUnderRsa(source: string, target: string, hash: string): void {
  const options = ['rsa_padding_mode:oaep', `rsa_oaep_md:${hash}`, `rsa_mgf1_md:${hash}`];
  const spelt = options.flatMap((option) => ['-pkeyopt', option]);
  const [from, to, key] = [files.path(source), files.path(target), files.path('wrapping.der')];
  run('pkeyutl', '-encrypt', '-in', from, '-out', to, '-inkey', key, '-keyform', 'DER', '-pubin', ...spelt);
}

describe.skipIf(!there)('material that OpenSSL wraps', () => {
  it.each([
    ['RSAES_OAEP_SHA_1', 'sha1'],
    ['RSAES_OAEP_SHA_256', 'sha256'],
  ] as const)('%s: an HMAC key', async (algorithm, hash) => {
    const KeyId = await newExternalKey(on.kms, 'HMAC_256', 'GENERATE_VERIFY_MAC');
    const { publicKey, token } = await parametersFor(on.kms, KeyId, algorithm);
    const material = randomBytes(32);
    files.write('wrapping.der', publicKey);
    files.write('material.bin', material);
    wrapUnderRsa('material.bin', 'wrapped.bin', hash);
    await on.kms.importKeyMaterial({
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: files.read('wrapped.bin'),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    const Message = Buffer.from('hi');
    const { Mac } = await on.kms.generateMac({ KeyId, Message, MacAlgorithm: 'HMAC_SHA_256' });
    expect(Buffer.from(Mac ?? []).equals(createHmac('sha256', material).update(Message).digest())).toBe(true);
  });

  it.each([
    ['RSA_AES_KEY_WRAP_SHA_1', 'sha1'],
    ['RSA_AES_KEY_WRAP_SHA_256', 'sha256'],
  ] as const)('%s: an RSA private key', async (algorithm, hash) => {
    const KeyId = await newExternalKey(on.kms, 'RSA_2048', 'SIGN_VERIFY');
    const { publicKey, token } = await parametersFor(on.kms, KeyId, algorithm);
    const aes = randomBytes(32);
    files.write('wrapping.der', publicKey);
    files.write('aes.bin', aes);
    const bits = 'rsa_keygen_bits:2048';
    run('genpkey', '-algorithm', 'RSA', '-pkeyopt', bits, '-outform', 'DER', '-out', files.path('material.bin'));
    run(
      'pkcs8',
      '-topk8',
      '-nocrypt',
      '-inform',
      'DER',
      '-in',
      files.path('material.bin'),
      '-outform',
      'DER',
      '-out',
      files.path('key.der'),
    );
    run(
      'enc',
      '-id-aes256-wrap-pad',
      '-K',
      aes.toString('hex'),
      '-iv',
      'A65959A6',
      '-in',
      files.path('key.der'),
      '-out',
      files.path('body.bin'),
    );
    wrapUnderRsa('aes.bin', 'head.bin', hash);
    await on.kms.importKeyMaterial({
      KeyId,
      ImportToken: token,
      EncryptedKeyMaterial: Buffer.concat([files.read('head.bin'), files.read('body.bin')]),
      ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE',
    });
    const Message = Buffer.from('hi');
    const { Signature } = await on.kms.sign({ KeyId, Message, SigningAlgorithm: 'RSASSA_PKCS1_V1_5_SHA_256' });
    files.write('message', Message);
    files.write('signature', Signature as Uint8Array);
    run('pkey', '-in', files.path('key.der'), '-inform', 'DER', '-pubout', '-out', files.path('public.pem'));
    run(
      'dgst',
      '-sha256',
      '-verify',
      files.path('public.pem'),
      '-signature',
      files.path('signature'),
      files.path('message'),
    );
  });
});
