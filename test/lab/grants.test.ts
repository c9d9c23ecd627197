import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import grants from '../../labs/grants/lab.js';
import { aboutGrants } from './lies/grants.js';
import { describeLies } from './lies/noticed.js';
import { openRoom, type Room, type Told } from './room.js';

describe('grants on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(grants);
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "7.1 passed: you may see it",
        "7.1 passed: you may not encrypt with it",
        "7.1 passed: nor make a data key",
        "7.2 passed: with its token you may encrypt at once",
        "7.2 passed: and decrypt",
        "7.2 passed: a context that says more will do",
        "7.3 passed: another department is denied",
        "7.3 passed: no context is denied",
        "7.3 passed: decrypting without the context is denied, too",
        "7.3 passed: an operation that it does not list is denied",
        "7.4 passed: by now it works without its token",
        "7.4 passed: the key has one grant",
        "7.4 passed: it is this one",
        "7.4 passed: its grantee is you",
        "7.4 passed: it lists two operations",
        "7.4 passed: for one department",
        "7.5 passed: retired, it opens nothing",
        "7.5 passed: and the key has no grant",
        "7.6 passed: the new grant opens what the old one sealed",
        "7.6 passed: a context that says more is denied",
        "7.6 passed: by now it works without its token",
        "7.6 passed: revoked, it opens nothing",
        "7.6 passed: not even with its token",
        "7.6 passed: and the key has no grant",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 6, failed: 0, skipped: 0, notOffered: 0 },
      keys: [{ alias: 'alias/kms-lab-grants', made: true }],
    });
  });

  it('names its grants in the lines, and keeps their tokens to itself', () => {
    const lines = told.of('command').map(({ line }) => line);
    expect(lines.filter((line) => line.includes('KMS_LAB_FINANCE_GRANT=$(aws kms create-grant'))).toHaveLength(1);
    expect(lines.filter((line) => line.includes('retire-grant'))[0]).toContain('--grant-id "$KMS_LAB_FINANCE_GRANT"');
    expect(lines.filter((line) => line.includes('create-key'))[0]).toContain(
      '--policy file://kms-lab-files/grants/grants-key-policy.json',
    );
    const tokens = told.of('call').filter(({ input }) => JSON.stringify(input).includes('GrantToken'));
    expect(tokens.filter(({ input }) => /GrantTokens":\["[A-Za-z0-9]{20}/.test(JSON.stringify(input)))).toEqual([]);
  });
});

describe('grants', () => {
  it('passes when every change is seen late, with a new key', async () => {
    const room = await openRoom();
    const first = await room.run(grants);
    room.emulator.eventualConsistency(1500);
    const told = await room.run(grants);
    await room.close();
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 6 } });
    expect(told.end.keys[0]?.keyId).not.toBe(first.end.keys[0]?.keyId);
  });
});

describeLies(grants, aboutGrants);
