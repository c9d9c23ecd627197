import { constants, createPublicKey, publicEncrypt } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, flipped } from '../../support/flip.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey, newKeys } from '../../support/new-keys.js';

const specs = ['RSA_2048', 'RSA_3072', 'RSA_4096'] as const;
const algorithms = ['RSAES_OAEP_SHA_1', 'RSAES_OAEP_SHA_256'] as const;
type Spec = (typeof specs)[number];
type Algorithm = (typeof algorithms)[number];

let on: KmsUnderTest;
let keys: Record<Spec, string>;
let symmetric: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  keys = await newKeys(on.kms, specs, 'ENCRYPT_DECRYPT');
  symmetric = await on.key();
});
afterAll(() => on.close());

const invalidCiphertext = { name: 'InvalidCiphertextException' };

async function sealed(Plaintext: Uint8Array, EncryptionAlgorithm: Algorithm, spec: Spec = 'RSA_2048') {
  const reply = await on.kms.encrypt({ KeyId: keys[spec], Plaintext, EncryptionAlgorithm });
  return reply.CiphertextBlob as Uint8Array;
}

const opened = (CiphertextBlob: Uint8Array, EncryptionAlgorithm: Algorithm, spec: Spec = 'RSA_2048') =>
  on.kms.decrypt({ KeyId: keys[spec], CiphertextBlob, EncryptionAlgorithm });

describe('Encrypt and Decrypt with an RSA key', () => {
  it.each<[Spec, Algorithm, number, number]>([
    ['RSA_2048', 'RSAES_OAEP_SHA_1', 214, 256],
    ['RSA_2048', 'RSAES_OAEP_SHA_256', 190, 256],
    ['RSA_3072', 'RSAES_OAEP_SHA_1', 342, 384],
    ['RSA_3072', 'RSAES_OAEP_SHA_256', 318, 384],
    ['RSA_4096', 'RSAES_OAEP_SHA_1', 470, 512],
    ['RSA_4096', 'RSAES_OAEP_SHA_256', 446, 512],
  ])('%s, %s takes %i bytes and no more', async (spec, EncryptionAlgorithm, longest, size) => {
    const blob = await sealed(Buffer.alloc(longest, 7), EncryptionAlgorithm, spec);
    expect(blob).toHaveLength(size);
    const reply = await opened(blob, EncryptionAlgorithm, spec);
    expect(reply).toMatchObject({ EncryptionAlgorithm, KeyId: expect.stringMatching(`key/${keys[spec]}$`) });
    expect(reply).not.toHaveProperty('KeyMaterialId');
    expect(Buffer.compare(reply.Plaintext as Uint8Array, Buffer.alloc(longest, 7))).toBe(0);
    await expect(sealed(Buffer.alloc(longest + 1), EncryptionAlgorithm, spec)).rejects.toMatchObject({
      name: 'ValidationException',
      message: `Algorithm ${EncryptionAlgorithm} and key spec ${spec} cannot encrypt data larger than ${longest} bytes.`,
    });
  });

  it('gives back every plaintext', async () => {
    const plaintexts = fc.uint8Array({ minLength: 1, maxLength: 190 });
    const property = fc.asyncProperty(plaintexts, fc.constantFrom(...algorithms), async (plaintext, algorithm) => {
      const { Plaintext } = await opened(await sealed(plaintext, algorithm), algorithm);
      expect(Buffer.compare(Plaintext as Uint8Array, plaintext)).toBe(0);
    });
    await fc.assert(property, { numRuns: 50 });
  });

  it('opens what was encrypted elsewhere under the public key', async () => {
    const { PublicKey } = await on.kms.getPublicKey({ KeyId: keys.RSA_3072 });
    const key = createPublicKey({ key: Buffer.from(PublicKey as Uint8Array), format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const blob = publicEncrypt({ key, padding, oaepHash: 'sha256' }, Buffer.from('from elsewhere'));
    const { Plaintext } = await opened(blob, 'RSAES_OAEP_SHA_256', 'RSA_3072');
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('from elsewhere');
  });

  it('refuses a ciphertext with any one bit flipped, of another length, or under another hash', async () => {
    const blob = await sealed(Buffer.from('x'), 'RSAES_OAEP_SHA_256');
    for (const bit of bitsOf(blob, 131)) {
      await expect(opened(flipped(blob, bit), 'RSAES_OAEP_SHA_256')).rejects.toMatchObject(invalidCiphertext);
    }
    await expect(opened(blob.subarray(1), 'RSAES_OAEP_SHA_256')).rejects.toMatchObject(invalidCiphertext);
    await expect(opened(blob, 'RSAES_OAEP_SHA_1')).rejects.toMatchObject(invalidCiphertext);
    await expect(opened(blob, 'RSAES_OAEP_SHA_256', 'RSA_3072')).rejects.toMatchObject(invalidCiphertext);
  });

  it('wants the key named: such a ciphertext does not tell it', async () => {
    const CiphertextBlob = await sealed(Buffer.from('x'), 'RSAES_OAEP_SHA_256');
    const request = { CiphertextBlob, EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
    await expect(on.kms.decrypt(request)).rejects.toMatchObject(invalidCiphertext);
  });

  it('wants the algorithm named: SYMMETRIC_DEFAULT is what AWS takes otherwise', async () => {
    const refused = {
      name: 'InvalidKeyUsageException',
      message: 'Algorithm SYMMETRIC_DEFAULT is incompatible with key spec RSA_2048.',
    };
    const KeyId = keys.RSA_2048;
    await expect(on.kms.encrypt({ KeyId, Plaintext: Buffer.from('x') })).rejects.toMatchObject(refused);
    const CiphertextBlob = await sealed(Buffer.from('x'), 'RSAES_OAEP_SHA_256');
    await expect(on.kms.decrypt({ KeyId, CiphertextBlob })).rejects.toMatchObject(refused);
  });

  it('takes no encryption context', async () => {
    const more = {
      KeyId: keys.RSA_2048,
      EncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
      EncryptionContext: { a: 'b' },
    } as const;
    const refused = { name: 'ValidationException' };
    await expect(on.kms.encrypt({ ...more, Plaintext: Buffer.from('x') })).rejects.toMatchObject(refused);
    await expect(on.kms.decrypt({ ...more, CiphertextBlob: Buffer.alloc(256) })).rejects.toMatchObject(refused);
  });

  it('refuses a key that signs', async () => {
    const KeyId = await newKey(on.kms, 'RSA_2048', 'SIGN_VERIFY');
    const request = { KeyId, Plaintext: Buffer.from('x'), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
    await expect(on.kms.encrypt(request)).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: `arn:aws:kms:us-east-1:111122223333:key/${KeyId} key usage is SIGN_VERIFY which is not valid for Encrypt.`,
    });
  });

  it('seals no data keys', async () => {
    const KeyId = keys.RSA_2048;
    const pair = { KeyId, KeyPairSpec: 'ECC_NIST_P256' } as const;
    const key = { KeyId, KeySpec: 'AES_256' } as const;
    const refused = { name: 'InvalidKeyUsageException' };
    await expect(on.kms.generateDataKey(key)).rejects.toMatchObject(refused);
    await expect(on.kms.generateDataKeyWithoutPlaintext(key)).rejects.toMatchObject(refused);
    await expect(on.kms.generateDataKeyPair(pair)).rejects.toMatchObject(refused);
    await expect(on.kms.generateDataKeyPairWithoutPlaintext(pair)).rejects.toMatchObject(refused);
  });
});

describe('ReEncrypt', () => {
  it('moves from a symmetric to an RSA key and on to another', async () => {
    const { CiphertextBlob: first } = await on.kms.encrypt({
      KeyId: symmetric,
      Plaintext: Buffer.from('moving'),
      EncryptionContext: { a: 'b' },
    });
    const there = await on.kms.reEncrypt({
      CiphertextBlob: first as Uint8Array,
      SourceEncryptionContext: { a: 'b' },
      DestinationKeyId: keys.RSA_2048,
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
    });
    expect(there).toMatchObject({
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
      SourceKeyMaterialId: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(there).not.toHaveProperty('DestinationKeyMaterialId');
    const back = await on.kms.reEncrypt({
      CiphertextBlob: there.CiphertextBlob as Uint8Array,
      SourceKeyId: keys.RSA_2048,
      SourceEncryptionAlgorithm: 'RSAES_OAEP_SHA_1',
      DestinationKeyId: symmetric,
    });
    expect(back).not.toHaveProperty('SourceKeyMaterialId');
    const { Plaintext } = await on.kms.decrypt({ CiphertextBlob: back.CiphertextBlob as Uint8Array });
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('moving');
  });

  it('cannot move more than the destination takes', async () => {
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId: symmetric, Plaintext: Buffer.alloc(191) });
    const moving = on.kms.reEncrypt({
      CiphertextBlob: CiphertextBlob as Uint8Array,
      DestinationKeyId: keys.RSA_2048,
      DestinationEncryptionAlgorithm: 'RSAES_OAEP_SHA_256',
    });
    await expect(moving).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('with IGNORE_CIPHERTEXT tries the permissions alone', async () => {
    const request = {
      CiphertextBlob: Buffer.from('none'),
      SourceKeyId: symmetric,
      DestinationKeyId: symmetric,
      DryRun: true,
    };
    await expect(on.kms.reEncrypt(request)).rejects.toMatchObject(invalidCiphertext);
    const modified = { ...request, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] };
    await expect(on.kms.reEncrypt(modified)).rejects.toMatchObject({ name: 'DryRunOperationException' });
  });
});
