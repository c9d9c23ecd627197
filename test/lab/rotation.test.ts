import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import rotation from '../../labs/rotation/lab.js';
import { describeLies } from './lies/noticed.js';
import { aboutRotation } from './lies/rotation.js';
import { aboutYears, theYears } from './lies/years.js';
import { openRoom, type Room, type Told } from './room.js';

describe('rotation on the embedded KMS', () => {
  let room: Room;
  let told: Told;
  beforeAll(async () => {
    room = await openRoom();
    told = await room.run(rotation, { simulated: true });
  });
  afterAll(() => room.close());

  it('proves every claim of the lesson, in its order', () => {
    const proven = told.of('claim').map(({ step, claim, outcome }) => `${step} ${outcome}: ${claim}`);
    expect(proven).toMatchInlineSnapshot(`
      [
        "3.1 passed: alias/kms-lab-rotation-key names it",
        "3.1 passed: automatic rotation is off",
        "3.1 passed: it has a key material with an id",
        "3.1 passed: no rotation has taken place",
        "3.2 passed: it is on",
        "3.2 passed: every 180 days",
        "3.2 passed: KMS tells the date of the next rotation",
        "3.2 passed: the key material is still the first: nothing is rotated yet",
        "3.3 passed: it opens",
        "3.3 passed: the answer names the key",
        "3.3 passed: and the material that sealed it: the first",
        "3.4 passed: the key has new material",
        "3.4 passed: the key id is the same",
        "3.4 passed: the ARN is the same",
        "3.4 passed: the alias leads to it as before, and it is Enabled",
        "3.5 passed: it opens, byte for byte",
        "3.5 passed: with the same key",
        "3.5 passed: the answer names the material of before the rotation",
        "3.6 passed: it opens",
        "3.6 passed: the answer names the new material",
        "3.7 passed: one rotation is listed, on demand, to the new material",
        "3.7 passed: the new material is the current one",
        "3.7 passed: the first is kept, to decrypt",
        "3.7 passed: the schedule goes on as it was",
        "3.8 passed: it is not rotated on a schedule",
        "3.8 passed: nor on demand",
        "3.9 passed: a day before its time nothing has happened",
        "3.9 passed: on the date that KMS told it rotated by itself",
        "3.9 passed: the key has new material again",
        "3.9 passed: and once more, 180 days later",
        "3.9 passed: the first ciphertext opens still",
        "3.10 passed: it is off again",
        "3.10 passed: the key keeps its new material",
        "3.10 passed: the first ciphertext opens as before",
      ]
    `);
    expect(told.error).toBeUndefined();
    expect(told.end).toMatchObject({
      outcome: 'passed',
      steps: { passed: 10, failed: 0, skipped: 0, notOffered: 0 },
      claims: { passed: proven.length, failed: 0 },
      files: 'kms-lab-files/rotation/',
    });
  });

  it('makes the key that it declares, and says what the rotation made of its price', () => {
    expect(told.end.keys.filter(({ alias }) => alias === 'alias/kms-lab-rotation-key')).toMatchObject([
      { made: true, monthlyUsd: 2 },
    ]);
    expect(rotation.facts.keys).toBe(1);
  });

  it('rotates for real: the key is rotated when the lab has ended, once', async () => {
    const KeyId = told.end.keys[0]?.keyId;
    expect((await room.kms.listKeyRotations({ KeyId })).Rotations).toMatchObject([{ RotationType: 'ON_DEMAND' }]);
  });

  it('makes a new key each run, to which the alias moves', async () => {
    const again = await room.run(rotation, { simulated: true });
    expect(again.end).toMatchObject({ outcome: 'passed', older: [{ keyId: told.end.keys[0]?.keyId }] });
    expect(again.end.keys[0]?.keyId).not.toBe(told.end.keys[0]?.keyId);
  });
});

describe('rotation', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it('passes when every change is seen late', async () => {
    room.emulator.eventualConsistency(1500);
    const told = await room.run(rotation, { simulated: true });
    expect(told.claims('failed')).toEqual([]);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 10 } });
  });

  it('is proven without the year that passes where there is no simulation', async () => {
    const told = await room.run(rotation);
    expect(told.end).toMatchObject({ outcome: 'passed', steps: { passed: 9, notOffered: 1 } });
    expect(told.steps('not offered')).toEqual(['3.9']);
  });
});

describeLies(rotation, aboutRotation, { elsewhere: aboutYears });
describeLies(theYears, aboutYears);
