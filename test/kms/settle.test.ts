import { describe, expect, it } from 'vitest';
import { aliasTag } from '../../src/kms/tags.js';
import { alias, keyArn, keyId, metadata, Refusal, type Script, scripted } from './scripted.js';

const Tags = [aliasTag(alias)];

/** CreateKey and changes work; `refused` is answered by `refusal` the first `times` times; DescribeKey tells `state`. */
function refusing(refused: string, refusal: string, times: number, state = 'Enabled'): Script {
  return ({ operation }, count) => {
    if (operation === refused && count <= times) return new Refusal(refusal);
    return { KeyMetadata: { ...metadata, KeyState: state }, KeyId: keyArn };
  };
}

describe('Waiting for KMS to settle', () => {
  it.each([
    ['its id', keyId],
    ['its ARN', keyArn],
  ])('waits for a key that this run has just made, named by %s', async (_form, KeyId) => {
    const { kms, waits, records } = await scripted(refusing('GetKeyPolicy', 'NotFoundException', 3));
    await kms.createKey({ Tags });
    await kms.getKeyPolicy({ KeyId });
    expect(waits).toEqual(Array(3).fill(`us-east-1: ${KeyId} is not known everywhere yet`));
    expect(records.map(({ operation, outcome }) => `${operation} ${outcome}`)).toEqual([
      'CreateKey ok',
      'GetKeyPolicy ok',
    ]);
  });

  it('waits for an alias that this run has just made', async () => {
    const { kms, waits } = await scripted(refusing('DescribeKey', 'NotFoundException', 1));
    await kms.createAlias({ AliasName: alias, TargetKeyId: keyId });
    await kms.describeKey({ KeyId: alias });
    expect(waits).toHaveLength(1);
  });

  it('lets an error pass at once for a key that it did not make', async () => {
    const { kms, waits, sent } = await scripted(refusing('DescribeKey', 'NotFoundException', 9));
    await expect(kms.describeKey({ KeyId: keyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect([waits.length, sent.length]).toEqual([0, 1]);
  });

  it.each(['AccessDeniedException', 'DisabledException', 'InvalidCiphertextException', 'LimitExceededException'])(
    'lets %s pass at once',
    async (name) => {
      const { kms, sent } = await scripted(refusing('EnableKey', name, 9));
      await kms.createKey({ Tags });
      await expect(kms.enableKey({ KeyId: keyId })).rejects.toMatchObject({ name });
      expect(sent).toHaveLength(2);
    },
  );

  it('gives up at the deadline with the error of KMS', async () => {
    const { kms, records } = await scripted(refusing('EnableKey', 'NotFoundException', 999), { settleMs: 10_000 });
    await kms.createKey({ Tags });
    await expect(kms.enableKey({ KeyId: keyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(records.at(-1)).toMatchObject({ outcome: 'NotFoundException', durationMs: 10_000 });
  });

  it('forgets what it made after some minutes', async () => {
    const { kms, waits, elapse } = await scripted(refusing('EnableKey', 'NotFoundException', 9));
    await kms.createKey({ Tags });
    elapse(6 * 60_000);
    await expect(kms.enableKey({ KeyId: keyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(waits).toEqual([]);
  });

  it('forgets an alias that it deleted', async () => {
    const { kms, waits } = await scripted(refusing('DescribeKey', 'NotFoundException', 9));
    await kms.createAlias({ AliasName: alias, TargetKeyId: keyId });
    await kms.deleteAlias({ AliasName: alias });
    await expect(kms.describeKey({ KeyId: alias })).rejects.toMatchObject({ name: 'NotFoundException' });
    expect(waits).toEqual([]);
  });

  it.each(['Creating', 'Updating', 'Enabled'])('waits while a new key refuses for its state %s', async (state) => {
    const { kms, waits } = await scripted(refusing('TagResource', 'KMSInvalidStateException', 2, state));
    await kms.createKey({ Tags });
    await kms.tagResource({ KeyId: keyId, Tags: [] });
    expect(waits).toHaveLength(2);
  });

  it.each(['PendingImport', 'PendingDeletion'])('lets a refusal pass that the state %s explains', async (state) => {
    const { kms, waits } = await scripted(refusing('TagResource', 'KMSInvalidStateException', 9, state));
    await kms.createKey({ Tags });
    await expect(kms.tagResource({ KeyId: keyId, Tags: [] })).rejects.toMatchObject({
      name: 'KMSInvalidStateException',
    });
    expect(waits).toEqual([]);
  });

  it('waits for a state that this run has just ended', async () => {
    const { kms, waits } = await scripted(refusing('EnableKey', 'KMSInvalidStateException', 2, 'PendingDeletion'));
    await kms.createKey({ Tags });
    await kms.cancelKeyDeletion({ KeyId: keyId });
    await kms.enableKey({ KeyId: keyId });
    expect(waits).toHaveLength(2);
  });

  it('waits for throttling to end, whoever made the key', async () => {
    const { kms, waits } = await scripted(refusing('DescribeKey', 'ThrottlingException', 4));
    await kms.describeKey({ KeyId: keyId });
    expect(waits).toHaveLength(4);
  });

  it('stops waiting, and starts no call, after Ctrl-C', async () => {
    const abort = new AbortController();
    const sleep = async () => abort.abort();
    const { kms, sent } = await scripted(refusing('DescribeKey', 'ThrottlingException', 9), {
      signal: abort.signal,
      sleep,
    });
    await expect(kms.describeKey({ KeyId: keyId })).rejects.toMatchObject({ kind: 'interrupted' });
    await expect(kms.listKeys({})).rejects.toMatchObject({ kind: 'interrupted' });
    expect(sent).toHaveLength(1);
  });
});
