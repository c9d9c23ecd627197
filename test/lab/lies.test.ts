import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import symmetric from '../../labs/symmetric/lab.js';
import { liar } from './liar.js';
import { aboutContexts } from './lies/context.js';
import { aboutPlaintexts } from './lies/decrypt.js';
import { aboutCiphertexts } from './lies/encrypt.js';
import { aboutKeys } from './lies/metadata.js';
import { openRoom, type Room } from './room.js';

describe('symmetric fails against a KMS that', () => {
  let room: Room;
  beforeEach(async () => {
    room = await openRoom();
  });
  afterEach(() => room.close());

  it.each([...aboutContexts, ...aboutCiphertexts, ...aboutPlaintexts, ...aboutKeys])(
    '$lie',
    async ({ of, fails, skips }) => {
      const told = await room.run(symmetric, { between: liar(room.kms, of()) });
      expect(told.claims('failed')).toEqual(fails);
      expect(told.steps('skipped')).toEqual(skips);
      expect(told.end).toMatchObject({ outcome: 'failed', claims: { failed: fails.length } });
      // A lie is a result, not an error: nothing else went wrong.
      expect(told.error).toBeUndefined();
      const failedIn = new Set(told.of('claim').flatMap(({ step, outcome }) => (outcome === 'failed' ? [step] : [])));
      expect(told.steps('failed')).toEqual([...failedIn]);
    },
  );

  it('tells the truth in every other respect: the room itself passes', async () => {
    const told = await room.run(symmetric, { between: liar(room.kms, {}) });
    expect(told.steps('passed')).toHaveLength(symmetric.steps.length);
  });
});
