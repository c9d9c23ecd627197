import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../support/kms-under-test.js';

let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest();
});
afterAll(() => on.close());

const CustomKeyStoreId = 'cks-1234567890abcdef0';
const notFound = { name: 'CustomKeyStoreNotFoundException' };

describe('There are no custom key stores', () => {
  it('DescribeCustomKeyStores lists none, and finds none by id or name', async () => {
    const { CustomKeyStores, Truncated } = await on.kms.describeCustomKeyStores({});
    expect([CustomKeyStores, Truncated]).toEqual([[], false]);
    await expect(on.kms.describeCustomKeyStores({ CustomKeyStoreId })).rejects.toMatchObject(notFound);
    await expect(on.kms.describeCustomKeyStores({ CustomKeyStoreName: 'mine' })).rejects.toMatchObject(notFound);
  });

  it.each([
    'connectCustomKeyStore',
    'disconnectCustomKeyStore',
    'updateCustomKeyStore',
    'deleteCustomKeyStore',
  ] as const)('%s finds none', async (operation) => {
    await expect(on.kms[operation]({ CustomKeyStoreId })).rejects.toMatchObject(notFound);
  });

  it('none can be made, nor a key in one', async () => {
    const asked = on.kms.createCustomKeyStore({ CustomKeyStoreName: 'mine' });
    await expect(asked).rejects.toMatchObject({ name: 'UnsupportedOperationException' });
    await expect(on.kms.createKey({ CustomKeyStoreId })).rejects.toMatchObject(notFound);
    await expect(on.kms.createKey({ Origin: 'AWS_CLOUDHSM' })).rejects.toMatchObject({
      name: 'UnsupportedOperationException',
    });
  });
});

describe('UpdateKeyDescription', () => {
  it('changes the description, an empty one included', async () => {
    const KeyId = await on.key();
    for (const Description of ['of use', '']) {
      await on.kms.updateKeyDescription({ KeyId, Description });
      expect((await on.kms.describeKey({ KeyId })).KeyMetadata?.Description).toBe(Description);
    }
  });

  it('refuses 8193 characters and a key pending deletion', async () => {
    const KeyId = await on.key();
    const long = on.kms.updateKeyDescription({ KeyId, Description: 'x'.repeat(8193) });
    await expect(long).rejects.toMatchObject({ name: 'ValidationException' });
    await on.kms.scheduleKeyDeletion({ KeyId });
    await expect(on.kms.updateKeyDescription({ KeyId, Description: 'x' })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
  });
});
