import type { KMS } from '@aws-sdk/client-kms';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { away, day, type Family, family, home } from './family.js';

const hi = Buffer.from('hi');
let on: Family;
let KeyId: string;
beforeEach(async () => {
  const arn = 'arn:aws:iam::111122223333:user/guest';
  on = await family({ identities: [{ accessKeyId: 'GUEST', secretAccessKey: 'guest', arn, policies: [] }] });
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

  it('have grants each, and a replica that is gone takes only its own with it', async () => {
    const grant = { KeyId, GranteePrincipal: 'arn:aws:iam::111122223333:user/lab', Operations: ['Decrypt' as const] };
    await on.kms.createGrant(grant);
    const grants = async (kms: KMS) => (await kms.listGrants({ KeyId })).Grants ?? [];
    expect(await grants(on.in[away])).toEqual([]);
    await on.in[away].createGrant(grant);
    await on.in[away].scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    on.emulator.advance(7 * day);
    await on.replica(KeyId);
    expect(await grants(on.in[away])).toEqual([]);
    expect(await grants(on.kms)).toHaveLength(1);
  });

  it('have a policy each: who is allowed in one Region is not in the other', async () => {
    const allow = (Principal: object, Action: string) => ({ Effect: 'Allow', Principal, Action, Resource: '*' });
    const root = allow({ AWS: 'arn:aws:iam::111122223333:root' }, 'kms:*');
    const guest = allow({ AWS: 'arn:aws:iam::111122223333:user/guest' }, 'kms:DescribeKey');
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [root, guest] });
    await on.in[away].putKeyPolicy({ KeyId, Policy });
    const as = (region: string) => on.as({ accessKeyId: 'GUEST', secretAccessKey: 'guest', region });
    await as(away).describeKey({ KeyId });
    await expect(as(home).describeKey({ KeyId })).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it('have a last use each', async () => {
    await on.in[away].encrypt({ KeyId, Plaintext: hi });
    expect((await on.in[away].getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBe('Encrypt');
    expect((await on.kms.getKeyLastUsage({ KeyId })).KeyLastUsage?.Operation).toBeUndefined();
  });
});
