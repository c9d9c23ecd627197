import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';

const hi = Buffer.from('hi');
const throttling = {
  name: 'ThrottlingException',
  message: 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.',
  $metadata: { httpStatusCode: 400 },
};

let on: KmsUnderTest;
let kms: KmsUnderTest['kms'];
let now: number;
let KeyId: string;
beforeEach(async () => {
  now = Date.parse('2026-01-01T00:00:00Z');
  on = await kmsUnderTest({ now: () => now });
  kms = on.kms;
  KeyId = await on.key();
});
afterEach(() => on.close());

const many = async (count: number, call: () => Promise<unknown>) => {
  const answers = await Promise.allSettled(Array.from({ length: count }, call));
  return answers.filter(({ status }) => status === 'fulfilled').length;
};

describe('Request quotas, as AWS gives them to an account in a Region', () => {
  beforeEach(() => on.emulator.conditions.quotas());

  it('let five CreateKey through in a second and answer the sixth as AWS does', async () => {
    expect(await many(9, () => kms.createKey({}))).toBe(5);
    await expect(kms.createKey({})).rejects.toMatchObject(throttling);
    expect((await kms.listKeys({})).Keys).toHaveLength(6);
  });

  it('flow in again with time', async () => {
    await many(5, () => kms.createKey({}));
    now += 400;
    expect(await many(5, () => kms.createKey({}))).toBe(2);
    now += 60_000;
    expect(await many(9, () => kms.createKey({}))).toBe(5);
  });

  it('are each operation’s own, each Region’s own and each account’s own', async () => {
    await many(6, () => kms.createKey({}));
    await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    await on.as({ region: 'eu-west-1' }).createKey({});
  });

  it('are shared by the operations of a family: RSA key pairs of either kind', async () => {
    const pair = { KeyId, KeyPairSpec: 'RSA_4096' as const, DryRun: true };
    const dry = { name: 'DryRunOperationException' };
    await expect(kms.generateDataKeyPair(pair)).rejects.toMatchObject(dry);
    await expect(kms.generateDataKeyPairWithoutPlaintext(pair)).rejects.toMatchObject(throttling);
  });

  it('can be given other values, as Service Quotas does', async () => {
    on.emulator.conditions.quotas({ perSecond: { Encrypt: 3 } });
    expect(await many(5, () => kms.encrypt({ KeyId, Plaintext: hi }))).toBe(3);
    expect(await many(8, () => kms.createKey({}))).toBe(5);
  });

  it('count no more when switched off', async () => {
    on.emulator.conditions.quotas(false);
    expect(await many(9, () => kms.createKey({}))).toBe(9);
  });
});

describe('Resource quotas', () => {
  it('refuse the 51st alias of a key, switched on or not', async () => {
    for (let n = 0; n < 50; n++) await kms.createAlias({ AliasName: `alias/a${n}`, TargetKeyId: KeyId });
    await expect(kms.createAlias({ AliasName: 'alias/last', TargetKeyId: KeyId })).rejects.toMatchObject({
      name: 'LimitExceededException',
      message: 'Aliases per key quota for this account in this region is 50, current usage is 50.',
    });
    await expect(kms.describeKey({ KeyId: 'alias/last' })).rejects.toMatchObject({ name: 'NotFoundException' });
  });

  it('refuse an alias that moves to a full key', async () => {
    on.emulator.conditions.quotas({ aliasesPerKey: 1 });
    const { KeyMetadata } = await kms.createKey({});
    await kms.createAlias({ AliasName: 'alias/a', TargetKeyId: KeyId });
    await kms.createAlias({ AliasName: 'alias/b', TargetKeyId: KeyMetadata?.KeyId as string });
    const moved = kms.updateAlias({ AliasName: 'alias/b', TargetKeyId: KeyId });
    await expect(moved).rejects.toMatchObject({ name: 'LimitExceededException' });
  });

  it('refuse one key too many, whatever the state of the others', async () => {
    on.emulator.conditions.quotas({ keys: 2 });
    await kms.scheduleKeyDeletion({ KeyId });
    await kms.createKey({});
    await expect(kms.createKey({})).rejects.toMatchObject({ name: 'LimitExceededException' });
  });
});

describe('An outage', () => {
  it('answers every call to its Region with 503 until it ends, and none to another', async () => {
    const end = on.emulator.conditions.outage('us-east-1');
    await expect(kms.listKeys({})).rejects.toMatchObject({
      name: 'ServiceUnavailable',
      $metadata: { httpStatusCode: 503 },
    });
    await on.as({ region: 'eu-west-1' }).listKeys({});
    end();
    expect((await kms.listKeys({})).Keys).toHaveLength(1);
  });
});

describe('A planned fault', () => {
  it('meets as many calls of its operation as it says, and the SDK gets over it', async () => {
    on.emulator.conditions.fault('Encrypt', { code: 'KMSInternalException', times: 2 });
    await kms.generateRandom({ NumberOfBytes: 1 });
    await expect(kms.encrypt({ KeyId, Plaintext: hi })).rejects.toMatchObject({ name: 'KMSInternalException' });
    const { $metadata } = await on.as({ maxAttempts: 3 }).encrypt({ KeyId, Plaintext: hi });
    expect($metadata.attempts).toBe(2);
  });

  it('can strike in one Region only, or when the work is done and the answer is lost', async () => {
    on.emulator.conditions.fault('CreateKey', { code: 'KMSInternalException', region: 'eu-west-1' });
    on.emulator.conditions.fault('CreateKey', { code: 'KMSInternalException', afterwards: true });
    await expect(kms.createKey({})).rejects.toMatchObject({ name: 'KMSInternalException' });
    expect((await kms.listKeys({})).Keys).toHaveLength(2);
    await kms.createKey({});
  });
});

describe('Latency', () => {
  it('comes before each answer', async () => {
    on.emulator.conditions.latency = 30;
    const started = performance.now();
    await kms.listKeys({});
    expect(performance.now() - started).toBeGreaterThan(25);
  });
});

describe('A copy of the world', () => {
  it('has what the world has, is calm, and what becomes of it stays in it', async () => {
    on.emulator.conditions.outage('us-east-1');
    const copy = on.emulator.copy();
    const there = on.over(copy);
    const { CiphertextBlob } = await there.encrypt({ KeyId, Plaintext: hi });
    await there.scheduleKeyDeletion({ KeyId, PendingWindowInDays: 7 });
    copy.advance(8 * 86_400_000);
    await expect(there.describeKey({ KeyId })).rejects.toMatchObject({ name: 'NotFoundException' });
    await copy.close();
    on.emulator.conditions.latency = 0;
    const world = on.over(on.emulator.copy());
    const { Plaintext } = await world.decrypt({ CiphertextBlob: CiphertextBlob as Uint8Array });
    expect(Buffer.from(Plaintext as Uint8Array)).toEqual(hi);
  });
});

describe('KMS_LAB_SIMULATE', () => {
  it('puts a process under conditions from its start', async () => {
    const under = await kmsUnderTest({
      simulate: 'quotas, eventual-consistency=60000,late-trail=5000,latency=0,outage=eu-west-1',
    });
    const id = await under.key();
    await expect(under.kms.describeKey({ KeyId: id })).rejects.toMatchObject({ name: 'NotFoundException' });
    const elsewhere = under.as({ region: 'eu-west-1' });
    await expect(elsewhere.listKeys({})).rejects.toMatchObject({ name: 'ServiceUnavailable' });
    expect(under.emulator.conditions.lateTrail).toBe(5000);
    await under.close();
  });

  it.each(['quota', 'late-trail', 'latency', 'latency=-1', 'outage', 'quotas=5'])('refuses %s', async (simulate) => {
    await expect(kmsUnderTest({ simulate })).rejects.toMatchObject({ kind: 'usage' });
  });
});
