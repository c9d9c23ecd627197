import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { allow, allowed, as, deny, identity, keyUnder, user } from '../../support/policies.js';

const Plaintext = Buffer.from('hi');
const day = 86_400_000;
const when = (operator: string, key: string, value: unknown) => ({ Condition: { [operator]: { [key]: value } } });
const tag = (TagKey: string, TagValue: string) => ({ TagKey, TagValue });

const identities = [
  identity('nobody'),
  identity('symmetric', [allow('kms:CreateKey', when('StringEquals', 'kms:KeySpec', 'SYMMETRIC_DEFAULT'))]),
  identity('blue', [
    allow(['kms:CreateKey', 'kms:TagResource'], when('StringEquals', 'aws:RequestTag/team', 'blue')),
    allow('kms:DescribeKey', when('StringEquals', 'aws:ResourceTag/team', '${aws:username}')),
  ]),
  identity('aliased', [allow('kms:Encrypt', when('ForAnyValue:StringLike', 'kms:ResourceAliases', 'alias/app-*'))]),
  identity('european', [allow('kms:*', when('StringLike', 'aws:RequestedRegion', 'eu-*'))]),
];

let on: KmsUnderTest;
beforeEach(async () => {
  on = await kmsUnderTest({ identities });
});
afterEach(() => on.close());

/** A key that `nobody` may use under this condition alone. */
const keyFor = (action: string | string[], ...condition: Parameters<typeof when>) =>
  keyUnder(on, allow(action, { Principal: { AWS: user('nobody') }, ...when(...condition) }));

describe('A condition on the request', () => {
  it('the alias that calls the key', async () => {
    const KeyId = await keyFor('kms:Encrypt', 'StringEquals', 'kms:RequestAlias', 'alias/mine');
    await on.kms.createAlias({ AliasName: 'alias/mine', TargetKeyId: KeyId });
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId: 'alias/mine', Plaintext }))).toBe(true);
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext }))).toBe(false);
  });

  it('the spec of the key that is made', async () => {
    expect(await allowed(as(on, 'symmetric').createKey({}))).toBe(true);
    expect(await allowed(as(on, 'symmetric').createKey({ KeySpec: 'HMAC_256', KeyUsage: 'GENERATE_VERIFY_MAC' }))).toBe(
      false,
    );
  });

  it('its tags', async () => {
    expect(await allowed(as(on, 'blue').createKey({ Tags: [tag('team', 'blue')] }))).toBe(true);
    expect(await allowed(as(on, 'blue').createKey({ Tags: [tag('team', 'red')] }))).toBe(false);
    expect(await allowed(as(on, 'blue').createKey({}))).toBe(false);
  });

  it('its Region', async () => {
    expect(await allowed(as(on, 'european', 'eu-west-1').createKey({}))).toBe(true);
    expect(await allowed(as(on, 'european').createKey({}))).toBe(false);
  });

  it('where it comes from, and through what', async () => {
    const KeyId = await keyUnder(
      on,
      allow('kms:Encrypt', { Principal: { AWS: user('nobody') }, ...when('IpAddress', 'aws:SourceIp', '127.0.0.0/8') }),
      deny('kms:*', { Principal: '*', ...when('Bool', 'aws:SecureTransport', false) }),
    );
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext }))).toBe(true);
    const elsewhere = await keyFor('kms:Encrypt', 'NotIpAddress', 'aws:SourceIp', '127.0.0.0/8');
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId: elsewhere, Plaintext }))).toBe(false);
  });

  it('the waiting period of a deletion', async () => {
    const KeyId = await keyFor(
      'kms:ScheduleKeyDeletion',
      'NumericGreaterThanEquals',
      'kms:ScheduleKeyDeletionPendingWindowInDays',
      14,
    );
    expect(await allowed(as(on, 'nobody').scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 }))).toBe(false);
    expect(await allowed(as(on, 'nobody').scheduleKeyDeletion({ KeyId, PendingWindowInDays: 14 }))).toBe(true);
  });

  it('whether both keys of ReEncrypt are one', async () => {
    const KeyId = await keyFor(['kms:Encrypt', 'kms:ReEncrypt*'], 'BoolIfExists', 'kms:ReEncryptOnSameKey', true);
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId, Plaintext });
    const move = (DestinationKeyId: string) =>
      allowed(as(on, 'nobody').reEncrypt({ CiphertextBlob: CiphertextBlob as Uint8Array, DestinationKeyId }));
    expect(await move(KeyId)).toBe(true);
    expect(await move(await keyUnder(on, allow('kms:*', { Principal: { AWS: user('nobody') } })))).toBe(false);
  });

  it('the context of each half of ReEncrypt', async () => {
    const KeyId = await keyFor('kms:ReEncryptTo', 'StringEquals', 'kms:EncryptionContext:k', 'new');
    const source = await keyFor('kms:ReEncryptFrom', 'StringEquals', 'kms:EncryptionContext:k', 'old');
    const { CiphertextBlob } = await on.kms.encrypt({ KeyId: source, Plaintext, EncryptionContext: { k: 'old' } });
    const moved = (k: string) =>
      as(on, 'nobody').reEncrypt({
        CiphertextBlob: CiphertextBlob as Uint8Array,
        SourceEncryptionContext: { k: 'old' },
        DestinationKeyId: KeyId,
        DestinationEncryptionContext: { k },
      });
    expect(await allowed(moved('new'))).toBe(true);
    await expect(moved('old')).rejects.toMatchObject({ message: expect.stringContaining('kms:ReEncryptTo') });
  });

  it('the world’s time, which can be moved', async () => {
    const tomorrow = new Date(Date.now() + day).toISOString();
    const KeyId = await keyFor('kms:Encrypt', 'DateGreaterThan', 'aws:CurrentTime', tomorrow);
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext }))).toBe(false);
    on.emulator.advance(2 * day);
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext }))).toBe(true);
  });
});

describe('A condition on the key', () => {
  it('its tags', async () => {
    const { KeyMetadata } = await on.kms.createKey({ Tags: [tag('team', 'blue')] });
    const KeyId = KeyMetadata?.KeyId as string;
    expect(await allowed(as(on, 'blue').describeKey({ KeyId }))).toBe(true);
    await on.kms.tagResource({ KeyId, Tags: [tag('team', 'red')] });
    expect(await allowed(as(on, 'blue').describeKey({ KeyId }))).toBe(false);
  });

  it('its aliases', async () => {
    const KeyId = await on.key();
    expect(await allowed(as(on, 'aliased').encrypt({ KeyId, Plaintext }))).toBe(false);
    await on.kms.createAlias({ AliasName: 'alias/app-1', TargetKeyId: KeyId });
    expect(await allowed(as(on, 'aliased').encrypt({ KeyId, Plaintext }))).toBe(true);
  });

  it('its aliases, in a key policy never', async () => {
    const KeyId = await keyFor('kms:Encrypt', 'ForAnyValue:StringLike', 'kms:ResourceAliases', 'alias/*');
    await on.kms.createAlias({ AliasName: 'alias/app-2', TargetKeyId: KeyId });
    expect(await allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext }))).toBe(false);
  });

  it('how long it was of no use', async () => {
    const KeyId = await keyFor('kms:DisableKey', 'NumericGreaterThanEquals', 'kms:TrailingDaysWithoutKeyUsage', 90);
    on.emulator.advance(100 * day);
    await on.kms.encrypt({ KeyId, Plaintext });
    expect(await allowed(as(on, 'nobody').disableKey({ KeyId }))).toBe(false);
    on.emulator.advance(91 * day);
    expect(await allowed(as(on, 'nobody').disableKey({ KeyId }))).toBe(true);
  });
});
