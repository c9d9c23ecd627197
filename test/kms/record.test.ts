import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { redact } from '../../src/kms/redact.js';
import { sensitiveInput } from '../../src/kms/sensitive.js';
import { operations, sensitiveIn } from '../support/model.js';
import { keyArn, nodeError, Refusal, scripted } from './scripted.js';

const canary = 'CANARY-7f3a';
const bytes = Buffer.from(canary);

describe('The record of a call', () => {
  it('tells what was asked and how it ended', async () => {
    const { kms, records } = await scripted(() => ({ KeyId: keyArn, Plaintext: bytes.toString('base64') }));
    await kms.decrypt({ CiphertextBlob: Buffer.from('blob'), EncryptionContext: { tenant: 'a' } });
    expect(records).toMatchInlineSnapshot(`
      [
        {
          "durationMs": 0,
          "input": {
            "CiphertextBlob": {
              "bytes": 4,
              "sha256": "fa2c8cc4f28176bbeed4b736df569a34c79cd3723e9ec42f9674b4d46ac6b8b8",
            },
            "EncryptionContext": {
              "tenant": "a",
            },
          },
          "operation": "Decrypt",
          "outcome": "ok",
          "region": "us-east-1",
          "requestId": "request-1",
          "service": "kms",
        },
      ]
    `);
  });

  it('names the exception of a refusal, and the code of a broken connection', async () => {
    const { kms, records } = await scripted((_sent, count) =>
      count === 1 ? new Refusal('AccessDeniedException') : nodeError('EPROTO'),
    );
    await kms.listKeys({}).catch(() => {});
    await kms.listKeys({}).catch(() => {});
    expect(records.map(({ outcome, requestId }) => [outcome, requestId])).toEqual([
      ['AccessDeniedException', 'request-1'],
      ['EPROTO', undefined],
    ]);
  });

  it('is one, however often the request is sent', async () => {
    const { kms, records, sent } = await scripted((_sent, count) => (count < 3 ? nodeError('ECONNRESET') : {}));
    await kms.listKeys({});
    expect([sent.length, records.length]).toEqual([3, 1]);
  });
});

describe('Sensitive members', () => {
  it('are listed for every operation of the SDK', () => {
    expect(operations.length).toBeGreaterThanOrEqual(56);
    expect(Object.keys(sensitiveInput).sort()).toEqual(operations.map(({ name }) => name).sort());
  });

  it.each(operations)('of $name are those of the API model, and grant tokens', ({ name, input }) => {
    expect([...sensitiveInput[name]].sort()).toEqual(sensitiveIn(input).sort());
  });

  /** A value of the type that the member has. */
  const planted = (member: string): unknown => {
    if (member === 'GrantTokens') return [canary, canary];
    if (member === 'XksProxyAuthenticationCredential') return { AccessKeyId: canary, RawSecretAccessKey: canary };
    return member === 'GrantToken' || member === 'KeyStorePassword' ? canary : bytes;
  };
  const digest = { bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };

  it.each(operations)('of $name are recorded by size and SHA-256, passwords not at all', ({ name }) => {
    const carried = sensitiveInput[name];
    const input = Object.fromEntries(carried.map((member) => [member, planted(member)]));
    const shown = redact('kms', name, { ...input, KeyId: 'shown' });
    expect(JSON.stringify(shown)).not.toContain(canary);
    const kept = carried.filter((member) => !/Password|Credential/.test(member));
    const digests = kept.map((member) => [member, member === 'GrantTokens' ? [digest, digest] : digest]);
    expect(shown).toEqual({ ...Object.fromEntries(digests), KeyId: 'shown' });
  });
});
