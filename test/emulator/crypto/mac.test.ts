import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mac } from '../../../src/emulator/crypto/hmac.js';
import { flipped } from '../../support/flip.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { newKey, newKeys } from '../../support/new-keys.js';

const specs = ['HMAC_224', 'HMAC_256', 'HMAC_384', 'HMAC_512'] as const;

let on: KmsUnderTest;
let keys: Record<(typeof specs)[number], string>;
beforeAll(async () => {
  on = await kmsUnderTest();
  keys = await newKeys(on.kms, specs, 'GENERATE_VERIFY_MAC');
});
afterAll(() => on.close());

const Message = Buffer.from('what do ya want for nothing?');
const refused = { name: 'KMSInvalidMacException' };

describe('GenerateMac and VerifyMac', () => {
  it.each([
    ['HMAC_224', 'HMAC_SHA_224', 28],
    ['HMAC_256', 'HMAC_SHA_256', 32],
    ['HMAC_384', 'HMAC_SHA_384', 48],
    ['HMAC_512', 'HMAC_SHA_512', 64],
  ] as const)('%s: every bit of message and MAC counts', async (spec, MacAlgorithm, size) => {
    const KeyId = keys[spec];
    const arn = `arn:aws:kms:us-east-1:111122223333:key/${KeyId}`;
    const reply = await on.kms.generateMac({ KeyId, Message, MacAlgorithm });
    expect(reply).toMatchObject({ KeyId: arn, MacAlgorithm });
    const Mac = reply.Mac as Uint8Array;
    expect(Mac).toHaveLength(size);
    expect((await on.kms.generateMac({ KeyId, Message, MacAlgorithm })).Mac).toEqual(Mac);
    const request = { KeyId, Message, MacAlgorithm, Mac };
    expect(await on.kms.verifyMac(request)).toMatchObject({ KeyId: arn, MacValid: true, MacAlgorithm });
    for (let bit = 0; bit < size * 8; bit += 7) {
      await expect(on.kms.verifyMac({ ...request, Mac: flipped(Mac, bit) })).rejects.toMatchObject(refused);
    }
    await expect(on.kms.verifyMac({ ...request, Message: flipped(Message, 9) })).rejects.toMatchObject(refused);
    await expect(on.kms.verifyMac({ ...request, Mac: Mac.subarray(1) })).rejects.toMatchObject(refused);
    const other = await newKey(on.kms, spec, 'GENERATE_VERIFY_MAC');
    await expect(on.kms.verifyMac({ ...request, KeyId: other })).rejects.toMatchObject(refused);
  });

  // RFC 4231, test case 2: key "Jefe".
  it.each([
    ['HMAC_SHA_224', 'a30e01098bc6dbbf45690f3a7e9e6d0f8bbea2a39e6148008fd05e44'],
    ['HMAC_SHA_256', '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843'],
    [
      'HMAC_SHA_384',
      'af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649',
    ],
    [
      'HMAC_SHA_512',
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    ],
  ] as const)('%s is that of RFC 4231', (algorithm, expected) => {
    expect(Buffer.from(mac(Buffer.from('Jefe'), algorithm, Message)).toString('hex')).toBe(expected);
  });

  it('knows one algorithm per key', async () => {
    const request = { KeyId: keys.HMAC_256, Message, MacAlgorithm: 'HMAC_SHA_512' } as const;
    const wrong = {
      name: 'InvalidKeyUsageException',
      message: 'Algorithm HMAC_SHA_512 is incompatible with key spec HMAC_256.',
    };
    await expect(on.kms.generateMac(request)).rejects.toMatchObject(wrong);
    await expect(on.kms.verifyMac({ ...request, Mac: Buffer.alloc(64) })).rejects.toMatchObject(wrong);
  });

  it('refuses keys of another usage and messages over 4,096 bytes', async () => {
    const request = { KeyId: await on.key(), Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    await expect(on.kms.generateMac(request)).rejects.toMatchObject({ name: 'InvalidKeyUsageException' });
    await expect(on.kms.verifyMac({ ...request, Mac: Message })).rejects.toMatchObject({
      name: 'InvalidKeyUsageException',
    });
    const long = { ...request, KeyId: keys.HMAC_256, Message: Buffer.alloc(4097) };
    await expect(on.kms.generateMac(long)).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await on.kms.generateMac({ ...long, Message: Buffer.alloc(4096) })).Mac).toHaveLength(32);
  });

  it('with DryRun says that it would have worked, or what is wrong', async () => {
    const request = { KeyId: keys.HMAC_256, Message, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await on.kms.generateMac(request);
    const dry = { ...request, DryRun: true };
    await expect(on.kms.generateMac(dry)).rejects.toMatchObject({ name: 'DryRunOperationException' });
    const right = on.kms.verifyMac({ ...dry, Mac: Mac as Uint8Array });
    await expect(right).rejects.toMatchObject({ name: 'DryRunOperationException' });
    await expect(on.kms.verifyMac({ ...dry, Mac: Message })).rejects.toMatchObject(refused);
  });
});
