import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { away, type Family, family, home } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  on = await family();
  KeyId = await on.primary();
  await on.replica(KeyId);
});
afterEach(() => on.close());

describe('Related multi-Region keys', () => {
  it.each([
    ['the primary', 'the replica', home, away],
    ['the replica', 'the primary', away, home],
  ] as const)('what %s encrypts, %s decrypts, named or not', async (_one, _other, from, to) => {
    const EncryptionContext = { tenant: 'a' };
    const { CiphertextBlob } = await on.in[from].encrypt({ KeyId, Plaintext: hi, EncryptionContext });
    for (const named of [{ KeyId }, {}]) {
      const { Plaintext, KeyId: arn } = await on.in[to].decrypt({ CiphertextBlob, EncryptionContext, ...named });
      expect(Buffer.from(Plaintext as Uint8Array)).toEqual(hi);
      expect(arn).toContain(`:${to}:`);
    }
    await expect(on.in[to].decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'InvalidCiphertextException' });
  });

  it('data keys and MACs cross Regions too, and signatures', async () => {
    const { CiphertextBlob, Plaintext } = await on.kms.generateDataKey({ KeyId, KeySpec: 'AES_256' });
    expect((await on.in[away].decrypt({ CiphertextBlob })).Plaintext).toEqual(Plaintext);
    const mac = await on.primary({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' });
    await on.replica(mac);
    const hmac = { KeyId: mac, Message: hi, MacAlgorithm: 'HMAC_SHA_256' } as const;
    const { Mac } = await on.kms.generateMac(hmac);
    expect((await on.in[away].verifyMac({ ...hmac, Mac })).MacValid).toBe(true);
    const signer = await on.primary({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' });
    await on.replica(signer);
    const ecdsa = { KeyId: signer, Message: hi, SigningAlgorithm: 'ECDSA_SHA_256' } as const;
    const { Signature } = await on.in[away].sign(ecdsa);
    expect((await on.kms.verify({ ...ecdsa, Signature })).SignatureValid).toBe(true);
  });

  it('a single-Region key’s ciphertext is refused elsewhere', async () => {
    const single = await on.key();
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId: single, Plaintext: hi });
    await expect(on.in[away].decrypt({ CiphertextBlob })).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await expect(on.in[away].decrypt({ CiphertextBlob, KeyId })).rejects.toMatchObject({
      name: 'IncorrectKeyException',
    });
  });

  it('have a state each', async () => {
    await on.kms.disableKey({ KeyId });
    await expect(on.kms.encrypt({ KeyId, Plaintext: hi })).rejects.toMatchObject({ name: 'DisabledException' });
    await on.in[away].encrypt({ KeyId, Plaintext: hi });
  });

  it('have a description, tags and aliases each', async () => {
    await on.kms.updateKeyDescription({ KeyId, Description: 'here' });
    await on.kms.tagResource({ KeyId, Tags: [{ TagKey: 'where', TagValue: 'here' }] });
    await on.kms.createAlias({ AliasName: 'alias/here', TargetKeyId: KeyId });
    expect((await on.look(on.in[away], KeyId))?.Description).toBe('');
    expect((await on.in[away].listResourceTags({ KeyId })).Tags).toEqual([]);
    expect(await on.look(on.in[away], 'alias/here')).toBeUndefined();
    await on.in[away].createAlias({ AliasName: 'alias/here', TargetKeyId: KeyId });
    await on.kms.deleteAlias({ AliasName: 'alias/here' });
    expect((await on.look(on.in[away], 'alias/here'))?.KeyId).toBe(KeyId);
  });

  it('have a last use each', async () => {
    await on.in[away].encrypt({ KeyId, Plaintext: hi });
    expect((await on.in[away].getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe('Encrypt');
    expect((await on.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBeUndefined();
  });
});
