import type { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { keyId, nodeError, Refusal, scripted } from './scripted.js';

const grant = {
  KeyId: keyId,
  GranteePrincipal: 'arn:aws:iam::111122223333:user/lab',
  Operations: ['Decrypt' as const],
};
const material = { KeyId: keyId, ImportToken: new Uint8Array(1), EncryptedKeyMaterial: new Uint8Array(1) };

type Call = [name: string, call: (kms: KMS) => Promise<unknown>];
const onceOnly: Call[] = [
  ['RotateKeyOnDemand', (kms) => kms.rotateKeyOnDemand({ KeyId: keyId })],
  ['ScheduleKeyDeletion', (kms) => kms.scheduleKeyDeletion({ KeyId: keyId })],
  ['CancelKeyDeletion', (kms) => kms.cancelKeyDeletion({ KeyId: keyId })],
  ['DeleteAlias', (kms) => kms.deleteAlias({ AliasName: 'alias/a' })],
  ['RevokeGrant', (kms) => kms.revokeGrant({ KeyId: keyId, GrantId: 'a' })],
  ['UpdatePrimaryRegion', (kms) => kms.updatePrimaryRegion({ KeyId: keyId, PrimaryRegion: 'eu-west-1' })],
  ['CreateGrant, without a name', (kms) => kms.createGrant(grant)],
  ['ImportKeyMaterial, new', (kms) => kms.importKeyMaterial({ ...material, ImportType: 'NEW_KEY_MATERIAL' })],
];
const harmless: Call[] = [
  ['Encrypt', (kms) => kms.encrypt({ KeyId: keyId, Plaintext: new Uint8Array(1) })],
  ['CreateGrant, with a name', (kms) => kms.createGrant({ ...grant, Name: 'a-grant' })],
  ['ImportKeyMaterial, the same', (kms) => kms.importKeyMaterial(material)],
  ['PutKeyPolicy', (kms) => kms.putKeyPolicy({ KeyId: keyId, Policy: '{}' })],
  ['DisableKey', (kms) => kms.disableKey({ KeyId: keyId })],
];

describe('a call whose answer is lost', () => {
  it.each(onceOnly)('is not sent again: %s', async (_name, call) => {
    const { kms, sent } = await scripted(() => nodeError('ECONNRESET'));
    await expect(call(kms)).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(sent).toHaveLength(1);
  });

  it.each(harmless)('is sent again: %s', async (_name, call) => {
    const { kms, sent } = await scripted((_sent, count) => (count === 1 ? nodeError('ECONNRESET') : {}));
    await call(kms);
    expect(sent).toHaveLength(2);
  });
});

describe('a call that is throttled', () => {
  it.each([...onceOnly, ...harmless])('is waited out: %s', async (_name, call) => {
    const { kms, sent, waits } = await scripted((_sent, count) =>
      count <= 2 ? new Refusal('ThrottlingException') : {},
    );
    await call(kms);
    expect([sent.length, waits.length]).toEqual([3, 2]);
  });

  it('to the end is an error of its own, after a minute', async () => {
    const { kms, waits } = await scripted(() => new Refusal('ThrottlingException'));
    await expect(kms.rotateKeyOnDemand({ KeyId: keyId })).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(waits.length).toBeGreaterThan(10);
  });
});
