import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Grants, grantee, grantsUnderTest, hi, refused } from './people.js';

const badToken = { name: 'InvalidGrantTokenException' };

let on: Grants;
let now: number;
let KeyId: string;
beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  on = await grantsUnderTest({ now: () => now });
  KeyId = await on.key();
});
afterEach(() => on.close());

const encrypt = (who: 'alice' | 'bob', GrantTokens?: string[]) =>
  on.who(who).encrypt({ KeyId, Plaintext: hi, ...(GrantTokens ? { GrantTokens } : {}) });

describe('Under eventual consistency', () => {
  beforeEach(() => on.emulator.eventualConsistency(1000));

  it('a new grant works at once with its token, and without it later', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
    await encrypt('alice', [GrantToken]);
    now += 1000;
    await encrypt('alice');
  });

  it('a token is for changes too: CreateGrant by a new grant, RetireGrant of one', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'), { Operations: ['CreateGrant', 'Encrypt'] });
    const child = { KeyId, GranteePrincipal: grantee('bob'), Operations: ['Encrypt' as const] };
    await expect(on.who('alice').createGrant(child)).rejects.toMatchObject(refused);
    const bobs = await on.who('alice').createGrant({ ...child, GrantTokens: [GrantToken] });
    await encrypt('bob', [bobs.GrantToken as string]);
    await on.kms.retireGrant({ GrantToken });
    now += 1000;
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
  });

  it('a revoked grant works a while longer', async () => {
    const { GrantId } = await on.grant(KeyId, grantee('alice'));
    now += 1000;
    await on.kms.revokeGrant({ KeyId, GrantId });
    await encrypt('alice');
    now += 1000;
    await expect(encrypt('alice')).rejects.toMatchObject(refused);
  });

  it('ListGrants is late as well', async () => {
    await on.grant(KeyId, grantee('alice'));
    expect((await on.kms.listGrants({ KeyId })).Grants).toEqual([]);
    now += 1000;
    expect((await on.kms.listGrants({ KeyId })).Grants).toHaveLength(1);
  });
});

describe('A grant token', () => {
  it('helps its grantee alone, with its key alone, and not beyond its grant', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    await expect(encrypt('bob', [GrantToken])).rejects.toMatchObject(refused);
    const GrantTokens = [GrantToken];
    const alice = on.who('alice');
    await expect(alice.encrypt({ KeyId: await on.key(), Plaintext: hi, GrantTokens })).rejects.toMatchObject(refused);
    await expect(alice.describeKey({ KeyId, GrantTokens })).rejects.toMatchObject(refused);
  });

  it('is one of several', async () => {
    on.emulator.eventualConsistency(1000);
    const one = await on.grant(KeyId, grantee('alice'), { Operations: ['Decrypt'] });
    const two = await on.grant(KeyId, grantee('alice'));
    await encrypt('alice', [one.GrantToken, two.GrantToken]);
  });

  it('of a grant that is gone is worth nothing', async () => {
    const { GrantId, GrantToken } = await on.grant(KeyId, grantee('alice'));
    await on.kms.revokeGrant({ KeyId, GrantId });
    await expect(encrypt('alice', [GrantToken])).rejects.toMatchObject(refused);
  });

  it('that is forged is refused, whoever the caller and however small the change', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    const bytes = Buffer.from(GrantToken, 'base64url');
    const flipped = Array.from({ length: bytes.length }, (_, at) => {
      const copy = Buffer.from(bytes);
      copy[at] = (copy[at] as number) ^ 1;
      return copy.toString('base64url');
    });
    const forged = ['x', 'mine', `${GrantToken}=`, `${GrantToken}A`, ` ${GrantToken}`, GrantToken.slice(0, -4)];
    for (const token of [...forged, ...flipped]) {
      await expect(on.kms.describeKey({ KeyId, GrantTokens: [token] }), token).rejects.toMatchObject(badToken);
    }
  });

  it('before any was made is refused too', async () => {
    const token = Buffer.alloc(100).toString('base64url');
    await expect(on.kms.describeKey({ KeyId, GrantTokens: [token] })).rejects.toMatchObject(badToken);
  });

  it('of another Region or another world is refused', async () => {
    const { GrantToken } = await on.grant(KeyId, grantee('alice'));
    const kms = on.as({ region: 'eu-west-1' });
    const id = (await kms.createKey({})).KeyMetadata?.KeyId as string;
    await expect(kms.describeKey({ KeyId: id, GrantTokens: [GrantToken] })).rejects.toMatchObject(badToken);
    const other = await grantsUnderTest();
    await other.grant(await other.key(), grantee('alice'));
    await expect(other.kms.retireGrant({ GrantToken })).rejects.toMatchObject(badToken);
    await other.close();
  });

  it('counts in every operation that takes one', async () => {
    const GrantTokens = ['forged'];
    const { kms } = on;
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: hi });
    const calls = [
      kms.createGrant({ KeyId, GranteePrincipal: grantee('alice'), Operations: ['Encrypt'], GrantTokens }),
      kms.decrypt({ CiphertextBlob, GrantTokens }),
      kms.describeKey({ KeyId, GrantTokens }),
      kms.encrypt({ KeyId, Plaintext: hi, GrantTokens }),
      kms.generateDataKey({ KeyId, NumberOfBytes: 16, GrantTokens }),
      kms.generateDataKeyPair({ KeyId, KeyPairSpec: 'ECC_NIST_P256', GrantTokens }),
      kms.generateDataKeyPairWithoutPlaintext({ KeyId, KeyPairSpec: 'ECC_NIST_P256', GrantTokens }),
      kms.generateDataKeyWithoutPlaintext({ KeyId, NumberOfBytes: 16, GrantTokens }),
      kms.getPublicKey({ KeyId, GrantTokens }),
      kms.generateMac({ KeyId, Message: hi, MacAlgorithm: 'HMAC_SHA_256', GrantTokens }),
      kms.verifyMac({ KeyId, Message: hi, Mac: hi, MacAlgorithm: 'HMAC_SHA_256', GrantTokens }),
      kms.reEncrypt({ CiphertextBlob, DestinationKeyId: KeyId, GrantTokens }),
      kms.sign({ KeyId, Message: hi, SigningAlgorithm: 'ECDSA_SHA_256', GrantTokens }),
      kms.verify({ KeyId, Message: hi, Signature: hi, SigningAlgorithm: 'ECDSA_SHA_256', GrantTokens }),
      kms.deriveSharedSecret({ KeyId, KeyAgreementAlgorithm: 'ECDH', PublicKey: hi, GrantTokens }),
      kms.encapsulate({ KeyId, EncapsulationAlgorithm: 'ML_KEM', GrantTokens }),
      kms.decapsulate({ KeyId, EncapsulationAlgorithm: 'ML_KEM', SharedSecretCiphertextBlob: hi, GrantTokens }),
    ];
    for (const call of await Promise.allSettled(calls)) expect(call).toMatchObject({ reason: badToken });
  });
});

describe('The audit record of a grant', () => {
  it('has its id and its constraints as they were given, and no token', async () => {
    const Constraints = { EncryptionContextSubset: { Department: 'IT' } };
    const { GrantId, GrantToken } = await on.grant(KeyId, grantee('alice'), { Constraints });
    const events = () => [...on.emulator.trail.events()];
    expect(events()[0]).toMatchObject({
      eventName: 'CreateGrant',
      requestParameters: { constraints: { encryptionContextSubset: { Department: 'IT' } } },
      responseElements: { grantId: GrantId },
    });
    await on.kms.retireGrant({ GrantToken });
    expect(events()[0]).toMatchObject({
      eventName: 'RetireGrant',
      additionalEventData: { grantId: GrantId },
      resources: [{ ARN: expect.stringContaining(KeyId) }],
    });
    expect(JSON.stringify(events())).not.toContain(GrantToken);
  });
});

describe('Grants and their tokens', () => {
  it('outlive the process, and are shared by those that share a state', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'kms-lab-grants-'));
    const one = await grantsUnderTest({ state: { dir } });
    const two = await grantsUnderTest({ state: { dir } });
    try {
      const id = await one.key();
      const { GrantToken } = await one.grant(id, grantee('alice'), { RetiringPrincipal: grantee('bob') });
      await two.who('alice').encrypt({ KeyId: id, Plaintext: hi, GrantTokens: [GrantToken] });
      await one.close();
      const three = await grantsUnderTest({ state: { dir } });
      await three.who('bob').retireGrant({ GrantToken });
      await three.close();
      await expect(two.who('alice').encrypt({ KeyId: id, Plaintext: hi })).rejects.toMatchObject(refused);
    } finally {
      await two.close();
      await rm(dir, { recursive: true, force: true });
    }
  });
});
