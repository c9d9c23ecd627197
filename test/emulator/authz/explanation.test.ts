import { CloudTrail } from '@aws-sdk/client-cloudtrail';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inWords } from '../../../src/emulator/authz/in-words.js';
import { requestHandler } from '../../../src/emulator/handler.js';
import { lastRefusal } from '../../../src/emulator/upkeep/refusal.js';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { allow, as, deny, identity, keyPolicy, keyUnder, otherAccount, user } from '../../support/policies.js';

const Plaintext = Buffer.from('hi');
const identities = [
  identity('nobody'),
  identity('elsewhere', [allow('kms:Encrypt', { Sid: 'Europe', Resource: 'arn:aws:kms:eu-*:*:key/*' })]),
  identity('stranger', [allow('kms:*')], user('stranger', otherAccount)),
  identity('idle', [], user('idle', otherAccount)),
];

let on: KmsUnderTest;
beforeAll(async () => {
  on = await kmsUnderTest({ identities });
});
afterAll(() => on.close());

/** Why the last call was refused, in plain words; keys are all called `<key>`. */
async function words(refused: Promise<unknown>): Promise<string> {
  await expect(refused).rejects.toThrow();
  const last = lastRefusal(on.emulator.trail);
  if (!last?.explanation) throw new Error('nothing was refused');
  return inWords(last.explanation)
    .join('\n')
    .replaceAll(/arn:aws:kms:[^ ]+:key\/[0-9a-f-]{36}/g, '<key>');
}

const encryptAs = (who: string, KeyId: string, EncryptionContext = {}) =>
  as(on, who).encrypt({ KeyId, Plaintext, EncryptionContext });
const context = (k: string) => ({ Condition: { StringEquals: { 'kms:EncryptionContext:tenant': k } } });

describe('The last refusal in plain words', () => {
  it('nothing allows it', async () => {
    expect(await words(encryptAs('nobody', await keyUnder(on)))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/nobody may not kms:Encrypt on <key>
      the key policy leaves it to the account’s identity policies
      no identity policy of the caller allows kms:Encrypt"
    `);
  });

  it('a condition does not hold', async () => {
    const KeyId = await keyUnder(
      on,
      allow('kms:Encrypt', { Principal: { AWS: user('nobody') }, Sid: 'Tenant A', ...context('a') }),
    );
    expect(await words(encryptAs('nobody', KeyId, { tenant: 'b' }))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/nobody may not kms:Encrypt on <key>
      the key policy leaves it to the account’s identity policies
      no identity policy of the caller allows kms:Encrypt
      statement "Tenant A" of the key policy would allow it, but its condition does not hold:
        StringEquals kms:EncryptionContext:tenant "a": the request has "b""
    `);
    expect(await words(encryptAs('nobody', KeyId))).toContain(
      '  StringEquals kms:EncryptionContext:tenant "a": the request has none',
    );
  });

  it('a statement is about another principal, another about another resource', async () => {
    const KeyId = await keyUnder(on, allow('kms:Enc*', { Principal: { AWS: user('somebody') } }));
    expect(await words(encryptAs('elsewhere', KeyId))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/elsewhere may not kms:Encrypt on <key>
      the key policy leaves it to the account’s identity policies
      no identity policy of the caller allows kms:Encrypt
      statement "Europe" of identity policy 1 would allow it, but not on <key>
      statement 2 of the key policy would allow it, but not for arn:aws:iam::111122223333:user/elsewhere"
    `);
  });

  it('a statement denies it', async () => {
    const KeyId = await keyUnder(on, deny('kms:Encrypt', { Principal: '*', ...context('b') }));
    expect(await words(encryptAs('elsewhere', KeyId, { tenant: 'b' }))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/elsewhere may not kms:Encrypt on <key>
      statement 2 of the key policy denies it, and a deny wins over every allow
      since its condition holds:
        StringEquals kms:EncryptionContext:tenant "b": the request has "b""
    `);
  });

  it('the key policy leaves the account out', async () => {
    const Statement = [allow('kms:*', { Principal: { AWS: user('somebody') } })];
    const { KeyMetadata } = await on.kms.createKey({
      Policy: JSON.stringify({ Statement }),
      BypassPolicyLockoutSafetyCheck: true,
    });
    expect(await words(on.kms.encrypt({ KeyId: KeyMetadata?.KeyId, Plaintext }))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/lab may not kms:Encrypt on <key>
      the key policy allows kms:Encrypt neither to the caller nor, through the account, to its identity policies
      statement 1 of the key policy would allow it, but not for arn:aws:iam::111122223333:user/lab"
    `);
  });

  it('the key is another account’s', async () => {
    const KeyId = await keyUnder(on);
    expect(await words(encryptAs('stranger', KeyId))).toMatchInlineSnapshot(`
      "arn:aws:iam::444455556666:user/stranger may not kms:Encrypt on <key>
      the key policy allows kms:Encrypt neither to the caller nor, through the account, to its identity policies; the key is another account’s, so its key policy and the caller’s identity policies must both allow it
      statement 1 of the key policy would allow it, but not for arn:aws:iam::444455556666:user/stranger"
    `);
    await on.kms.putKeyPolicy({ KeyId, Policy: keyPolicy(allow('kms:*', { Principal: { AWS: otherAccount } })) });
    expect(await words(encryptAs('idle', KeyId))).toMatchInlineSnapshot(`
      "arn:aws:iam::444455556666:user/idle may not kms:Encrypt on <key>
      the key is another account’s: its key policy allows it, and an identity policy of the caller must allow it too
      no identity policy of the caller allows kms:Encrypt
      statement 1 of the key policy would allow it, but not for arn:aws:iam::444455556666:user/idle"
    `);
  });

  it('the action does not cross accounts', async () => {
    const KeyId = await keyUnder(on, allow('kms:*', { Principal: { AWS: otherAccount } }));
    expect(await words(as(on, 'stranger').getKeyPolicy({ KeyId }))).toContain(
      'kms:GetKeyPolicy works on keys of one’s own account alone',
    );
  });

  it('the ciphertext names a key that is not to be used, or none', async () => {
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId: await keyUnder(on), Plaintext });
    const request = { CiphertextBlob: CiphertextBlob as Uint8Array };
    expect(await words(as(on, 'nobody').decrypt(request))).toContain('may not kms:Decrypt on <key>');
    expect(await words(as(on, 'nobody', 'eu-west-1').decrypt(request))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/nobody may not kms:Decrypt
      the ciphertext names no key that exists in this account and Region"
    `);
  });

  it('a key policy would lock its author out', async () => {
    const Policy = keyPolicy(deny('kms:Put*', { Principal: '*', Sid: 'Frozen' }));
    expect(await words(on.kms.createKey({ Policy }))).toMatchInlineSnapshot(`
      "arn:aws:iam::111122223333:user/lab may not kms:PutKeyPolicy on <key>
      statement "Frozen" of the key policy denies it, and a deny wins over every allow"
    `);
  });
});

describe('An explanation', () => {
  it('is data in the audit record, beside what the client was told', async () => {
    const KeyId = await keyUnder(on, allow('kms:Encrypt', { Principal: '*', Sid: 'Tenant A', ...context('a') }));
    await expect(encryptAs('nobody', KeyId, { tenant: 'b' })).rejects.toThrow();
    expect(lastRefusal(on.emulator.trail)).toMatchObject({
      eventName: 'Encrypt',
      awsRegion: 'us-east-1',
      errorCode: 'AccessDeniedException',
      errorMessage: expect.stringContaining('because no identity-based policy allows the kms:Encrypt action'),
      explanation: {
        principal: user('nobody'),
        action: 'kms:Encrypt',
        resource: KeyId,
        policy: 'identity-based',
        crossAccount: false,
        delegated: true,
        misses: [
          {
            statement: { policy: 'resource-based', number: 2, sid: 'Tenant A' },
            failed: 'condition',
            conditions: [
              { operator: 'StringEquals', key: 'kms:EncryptionContext:tenant', wanted: ['a'], actual: ['b'] },
            ],
          },
        ],
      },
    });
  });

  it('is not told to clients: LookupEvents shows the event without it', async () => {
    await expect(encryptAs('nobody', await keyUnder(on))).rejects.toThrow();
    const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
    const cloudtrail = new CloudTrail({
      region: 'us-east-1',
      credentials,
      requestHandler: requestHandler(on.emulator),
    });
    const { Events = [] } = await cloudtrail.lookupEvents({});
    const refused = Events.map(({ CloudTrailEvent = '' }) => JSON.parse(CloudTrailEvent)).filter(
      (event) => event.errorCode,
    );
    expect(refused.length).toBeGreaterThan(0);
    for (const event of refused) expect(event).not.toHaveProperty('explanation');
  });

  it('there is none before anything was refused', async () => {
    const fresh = await kmsUnderTest();
    await fresh.key();
    expect(lastRefusal(fresh.emulator.trail)).toBeUndefined();
    await fresh.close();
  });
});
