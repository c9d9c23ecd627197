import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import keyPolicy from '../../labs/key-policy/lab.js';
import { openRoom, type Room, type Told } from './room.js';

describe('key-policy on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(keyPolicy);
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "6.1 passed: a key has one policy, and its name is",
        "6.1 passed: it has one statement",
        "6.1 passed: which allows",
        "6.1 passed: to the account: its IAM policies decide",
        "6.1 passed: every action of KMS",
        "6.1 passed: on this key",
        "6.1 passed: you may use the key, for IAM allows it",
        "6.3 passed: it is stored, all statements in order",
        "6.4 passed: you may no longer decrypt, whatever IAM says",
        "6.4 passed: admin may DescribeKey",
        "6.4 passed: app may DescribeKey",
        "6.4 passed: admin may GetKeyPolicy",
        "6.4 passed: GetKeyPolicy by app is left to IAM, as before: refused",
        "6.4 passed: admin may PutKeyPolicy",
        "6.4 passed: PutKeyPolicy by app is left to IAM, as before: refused",
        "6.4 passed: admin may UpdateKeyDescription",
        "6.4 passed: app may not UpdateKeyDescription",
        "6.4 passed: admin may not Encrypt",
        "6.4 passed: app may Encrypt",
        "6.4 passed: admin may not Decrypt",
        "6.4 passed: app may Decrypt",
        "6.4 passed: admin may not GenerateDataKeyWithoutPlaintext",
        "6.4 passed: app may GenerateDataKeyWithoutPlaintext",
        "6.4 passed: admin can’t open the key to itself by a grant",
        "6.5 passed: department=finance encrypts and decrypts",
        "6.5 passed: encrypting without a context is denied",
        "6.5 passed: encrypting for another department is denied",
        "6.5 passed: decrypting without it is denied before the key is used",
        "6.5 passed: and so is decrypting with another",
        "6.6 passed: 7 days are denied",
        "6.6 passed: 29 days are denied",
        "6.6 passed: 30 days are accepted",
        "6.6 passed: cancelled, the key is Enabled again",
        "6.6 passed: with the default policy nobody asks for a context",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 6, failed: 0, skipped: 0, notOffered: 0 },
      keys: [{ alias: 'alias/kms-lab-key-policy' }, { alias: 'alias/kms-lab-key-policy-conditions' }],
    });
  });
  it('lag', async () => {
    room.emulator.eventualConsistency(1500);
    const t = await room.run(keyPolicy);
    expect(t.error).toBeUndefined();
    console.log(JSON.stringify(t.of('claim').filter((c) => c.outcome === 'failed')), JSON.stringify(t.of('call').filter((c) => c.step === '6.6')));
    expect(t.claims('failed')).toEqual([]);
    expect(t.end.outcome).toBe('passed');
  });
});
