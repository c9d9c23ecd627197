import { describe, expect, it } from 'vitest';
import { acrossAccounts, actions } from '../../../src/emulator/authz/actions.js';
import { operations } from '../../../src/emulator/wire/constraints.js';
import { kmsUnderTest } from '../../support/kms-under-test.js';
import { allow, allowed, as, identity } from '../../support/policies.js';

const requirements = Object.entries(actions).flatMap(([operation, needed]) =>
  needed.map((requirement) => ({ operation, ...requirement })),
);

describe('The table operation → actions', () => {
  it('has every operation of the API model', () => {
    expect(Object.keys(actions).sort()).toEqual([...operations.keys()].sort());
  });

  it('names members that the requests have', () => {
    const wrong = requirements.filter(({ operation, when, in: where }) => {
      const input = operations.get(operation)?.input ?? {};
      return [when, where].some((member) => member !== undefined && !Object.hasOwn(input, member));
    });
    expect(wrong).toEqual([]);
  });

  it('has the actions that may be used across accounts, on keys', () => {
    const onKeys = new Set(requirements.filter(({ on }) => on === 'key' || on === 'also').map(({ action }) => action));
    expect([...acrossAccounts].filter((action) => !onKeys.has(action))).toEqual([]);
  });
});

describe('An operation that needs several permissions', () => {
  const on = kmsUnderTest({
    identities: [
      identity('maker', [allow('kms:CreateKey')]),
      identity('from', [allow('kms:ReEncryptFrom')]),
      identity('both', [allow('kms:ReEncrypt*')]),
      identity('keys', [allow('kms:*Alias', { Resource: 'arn:aws:kms:*:*:key/*' })]),
      identity('aliases', [allow('kms:*Alias', { Resource: 'arn:aws:kms:*:*:alias/*' })]),
      identity('both-halves', [allow('kms:*Alias')]),
    ],
  });

  it('tags within CreateKey, but not an empty list of them', async () => {
    const kms = as(await on, 'maker');
    expect(await allowed(kms.createKey({ Tags: [] }))).toBe(true);
    expect(await allowed(kms.createKey({ Tags: [{ TagKey: 'a', TagValue: 'b' }] }))).toBe(false);
  });

  it('both halves of ReEncrypt', async () => {
    const { kms, key } = await on;
    const KeyId = await key();
    const { CiphertextBlob } = await kms.encrypt({ KeyId, Plaintext: Buffer.from('hi') });
    const request = { CiphertextBlob: CiphertextBlob as Uint8Array, SourceKeyId: KeyId, DestinationKeyId: KeyId };
    expect(await allowed(as(await on, 'both').reEncrypt(request))).toBe(true);
    await expect(as(await on, 'from').reEncrypt(request)).rejects.toMatchObject({
      message: expect.stringContaining('kms:ReEncryptTo'),
    });
  });

  it.each([
    ['keys', false],
    ['aliases', false],
    ['both-halves', true],
  ])('an alias and its keys (%s)', async (who, expected) => {
    const { kms, key } = await on;
    const [one, other] = [await key(), await key()];
    const AliasName = `alias/${who}`;
    await kms.createAlias({ AliasName, TargetKeyId: one });
    const client = as(await on, who);
    expect(await allowed(client.createAlias({ AliasName: `${AliasName}-2`, TargetKeyId: one }))).toBe(expected);
    expect(await allowed(client.updateAlias({ AliasName, TargetKeyId: other }))).toBe(expected);
    expect(await allowed(client.deleteAlias({ AliasName }))).toBe(expected);
  });
});
