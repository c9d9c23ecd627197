import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
let id: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  id = await on.key();
});
afterAll(() => on.close());

const bytes = (text: string) => Buffer.from(text);
const sealed = async (text: string, EncryptionContext?: Record<string, string>) => {
  const context = EncryptionContext ? { EncryptionContext } : {};
  const { CiphertextBlob } = await on.kms.encrypt({ KeyId: id, Plaintext: bytes(text), ...context });
  return CiphertextBlob as Uint8Array;
};

describe('Encrypt', () => {
  it('answers with the key’s ARN and a blob that hides the plaintext and differs each time', async () => {
    const reply = await on.kms.encrypt({ KeyId: id, Plaintext: bytes('a secret message') });
    expect(reply).toMatchObject({
      KeyId: `arn:aws:kms:us-east-1:111122223333:key/${id}`,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
    });
    const blob = Buffer.from(reply.CiphertextBlob as Uint8Array);
    expect(blob.includes('a secret message')).toBe(false);
    expect(blob.equals(await sealed('a secret message'))).toBe(false);
  });

  it('takes up to 4,096 bytes', async () => {
    const blob = await sealed('x'.repeat(4096));
    expect(blob.length).toBeLessThanOrEqual(6144);
    await expect(on.kms.encrypt({ KeyId: id, Plaintext: Buffer.alloc(4097) })).rejects.toMatchObject({
      name: 'ValidationException',
      message: expect.stringContaining('less than or equal to 4096'),
    });
  });

  it('refuses an algorithm of other key specs', async () => {
    const request = { KeyId: id, Plaintext: bytes('hi'), EncryptionAlgorithm: 'RSAES_OAEP_SHA_256' } as const;
    await expect(on.kms.encrypt(request)).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
      message: 'Algorithm RSAES_OAEP_SHA_256 is incompatible with key spec SYMMETRIC_DEFAULT.',
    });
  });

  it('with DryRun says that it would have worked', async () => {
    await expect(on.kms.encrypt({ KeyId: id, Plaintext: bytes('hi'), DryRun: true })).rejects.toMatchObject({
      name: 'DryRunOperationException',
    });
  });
});

describe('Decrypt', () => {
  it('finds the key from the blob and gives back every byte', async () => {
    const reply = await on.kms.decrypt({ CiphertextBlob: await sealed('hi') });
    const { KeyMetadata } = await on.kms.describeKey({ KeyId: id });
    expect(Buffer.from(reply.Plaintext as Uint8Array).toString()).toBe('hi');
    expect(reply).toMatchObject({ KeyId: KeyMetadata?.Arn, KeyMaterialId: KeyMetadata?.CurrentKeyMaterialId });
  });

  it('takes the context in any order of its pairs', async () => {
    const CiphertextBlob = await sealed('hi', { tenant: 'a', purpose: 'ü' });
    const EncryptionContext = { purpose: 'ü', tenant: 'a' };
    const { Plaintext } = await on.kms.decrypt({ CiphertextBlob, EncryptionContext, KeyId: id });
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('hi');
  });

  it.each([
    ['another context', { tenant: 'b' }],
    ['no context', undefined],
    ['an extra pair', { tenant: 'a', more: 'x' }],
    ['another case', { Tenant: 'a' }],
    ['pairs whose letters run together alike', { tenan: 'ta' }],
  ])('refuses %s without saying why', async (_name, EncryptionContext) => {
    const CiphertextBlob = await sealed('hi', { tenant: 'a' });
    const request = EncryptionContext ? { CiphertextBlob, EncryptionContext } : { CiphertextBlob };
    await expect(on.kms.decrypt(request)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses a blob with any one bit flipped', async () => {
    const blob = await sealed('x');
    for (let bit = 0; bit < blob.length * 8; bit += 5) {
      const CiphertextBlob = Uint8Array.from(blob);
      CiphertextBlob[bit >> 3] = (CiphertextBlob[bit >> 3] as number) ^ (1 << (bit & 7));
      await expect(on.kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });

  it('refuses what is no blob', async () => {
    const CiphertextBlob = bytes('QUJD');
    await expect(on.kms.decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses to use another key than the blob’s', async () => {
    const request = { CiphertextBlob: await sealed('hi'), KeyId: await on.key() };
    await expect(on.kms.decrypt(request)).rejects.toMatchObject({
      name: 'IncorrectKeyException',
      message: 'The key ID in the request does not identify a CMK that can perform this operation.',
    });
  });

  it('does not tell whether the key of a blob from elsewhere exists', async () => {
    const elsewhere = on.as({ region: 'eu-central-1' });
    await expect(elsewhere.decrypt({ CiphertextBlob: await sealed('hi') })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(/^The ciphertext refers to a customer master key that does not exist/),
    });
  });

  it('with IGNORE_CIPHERTEXT tries the permission alone', async () => {
    const request = { CiphertextBlob: bytes('none'), KeyId: id, DryRun: true } as const;
    const modified = { ...request, DryRunModifiers: ['IGNORE_CIPHERTEXT' as const] };
    await expect(on.kms.decrypt(request)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    await expect(on.kms.decrypt(modified)).rejects.toMatchObject({ name: 'DryRunOperationException' });
  });
});

describe('ReEncrypt', () => {
  it('moves a blob to another key and context; the old context no longer opens it', async () => {
    const destination = await on.key();
    const CiphertextBlob = await sealed('hi', { tenant: 'a' });
    const moved = await on.kms.reEncrypt({
      CiphertextBlob,
      SourceEncryptionContext: { tenant: 'a' },
      DestinationKeyId: destination,
      DestinationEncryptionContext: { tenant: 'b' },
    });
    expect(moved.SourceKeyId).toMatch(id);
    expect(moved.KeyId).toMatch(destination);
    const blob = { CiphertextBlob: moved.CiphertextBlob as Uint8Array };
    const { Plaintext } = await on.kms.decrypt({ ...blob, EncryptionContext: { tenant: 'b' } });
    expect(Buffer.from(Plaintext as Uint8Array).toString()).toBe('hi');
    const old = on.kms.decrypt({ ...blob, EncryptionContext: { tenant: 'a' } });
    await expect(old).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('refuses a wrong source context and a wrong source key', async () => {
    const request = { CiphertextBlob: await sealed('hi', { a: 'b' }), DestinationKeyId: id };
    await expect(on.kms.reEncrypt(request)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    const other = { ...request, SourceEncryptionContext: { a: 'b' }, SourceKeyId: await on.key() };
    await expect(on.kms.reEncrypt(other)).rejects.toMatchObject({ name: 'IncorrectKeyException' });
  });
});

describe('GenerateDataKey', () => {
  it.each([
    [{ KeySpec: 'AES_256' as const }, 32],
    [{ KeySpec: 'AES_128' as const }, 16],
    [{ NumberOfBytes: 64 }, 64],
  ])('%o gives %i bytes, plain and encrypted', async (size, length) => {
    const EncryptionContext = { purpose: 'test' };
    const { Plaintext, CiphertextBlob } = await on.kms.generateDataKey({ KeyId: id, EncryptionContext, ...size });
    expect(Plaintext).toHaveLength(length);
    const blob = CiphertextBlob as Uint8Array;
    expect((await on.kms.decrypt({ CiphertextBlob: blob, EncryptionContext })).Plaintext).toEqual(Plaintext);
  });

  it.each([[{}], [{ KeySpec: 'AES_256' as const, NumberOfBytes: 32 }]])('refuses the length %o', async (size) => {
    for (const call of [on.kms.generateDataKey({ KeyId: id, ...size })]) {
      await expect(call).rejects.toMatchObject({
        name: 'ValidationException',
        message: 'Please specify either number of bytes or key spec.',
      });
    }
  });

  it('without plaintext gives the encrypted one alone', async () => {
    const reply = await on.kms.generateDataKeyWithoutPlaintext({ KeyId: id, KeySpec: 'AES_256' });
    expect(reply).not.toHaveProperty('Plaintext');
    const CiphertextBlob = reply.CiphertextBlob as Uint8Array;
    expect((await on.kms.decrypt({ CiphertextBlob })).Plaintext).toHaveLength(32);
  });
});

describe('GenerateRandom', () => {
  it('gives as many bytes as asked for', async () => {
    const { Plaintext } = await on.kms.generateRandom({ NumberOfBytes: 1024 });
    expect(Plaintext).toHaveLength(1024);
    await expect(on.kms.generateRandom({ NumberOfBytes: 1025 })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
