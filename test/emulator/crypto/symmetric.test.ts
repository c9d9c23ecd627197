import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bitsOf, flipped } from '../../support/flip.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest();
  KeyId = await on.key();
});
afterAll(() => on.close());

/** Names and values as AWS takes them: any text, no half surrogates (UTF-8 has none). */
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });
const contexts = fc
  .dictionary(text, text, { maxKeys: 8 })
  .map((context) => Object.fromEntries(Object.entries(context)));
const plaintexts = fc.uint8Array({ minLength: 1, maxLength: 4096 });

async function sealed(Plaintext: Uint8Array, EncryptionContext: Record<string, string>) {
  const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext, EncryptionContext });
  return CiphertextBlob as Uint8Array;
}

describe('A symmetric key', () => {
  it('gives back every plaintext under the context it was sealed with', async () => {
    const property = fc.asyncProperty(plaintexts, contexts, async (plaintext, EncryptionContext) => {
      const CiphertextBlob = await sealed(plaintext, EncryptionContext);
      const { Plaintext } = await on.kms.decrypt({ CiphertextBlob, EncryptionContext });
      expect(Buffer.compare(Plaintext as Uint8Array, plaintext)).toBe(0);
    });
    await fc.assert(property, { numRuns: 100 });
  });

  it('opens nothing under another context', async () => {
    const property = fc.asyncProperty(contexts, contexts, async (one, other) => {
      const same = JSON.stringify(Object.entries(one).sort()) === JSON.stringify(Object.entries(other).sort());
      fc.pre(!same);
      const CiphertextBlob = await sealed(Buffer.from('x'), one);
      const opening = on.kms.decrypt({ CiphertextBlob, EncryptionContext: other });
      await expect(opening).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    });
    await fc.assert(property, { numRuns: 60 });
  });

  it('opens no blob with one bit flipped, wherever it is', async () => {
    const CiphertextBlob = await sealed(Buffer.alloc(64), { a: 'b' });
    for (const bit of bitsOf(CiphertextBlob, 3)) {
      const opening = on.kms.decrypt({
        CiphertextBlob: flipped(CiphertextBlob, bit),
        EncryptionContext: { a: 'b' },
      });
      await expect(opening).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
    }
  });
});
