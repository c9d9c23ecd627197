import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Lab } from '../../../src/lab/define.js';
import type { RunOptions } from '../../../src/lab/run.js';
import { liar } from '../liar.js';
import { type KmsIn, openRoom, type Room } from '../room.js';
import type { Case } from './case.js';

interface Noticing {
  keys?: 'new' | 'kept';
  elsewhere?: readonly Pick<Case, 'fails'>[];
  options?: (room: Room) => NonNullable<RunOptions['options']>;
}

/**
 * Specs of a lab against liars: each lie fails exactly its claims, nothing else goes wrong, and no claim is without a lie.
 * @param elsewhere lies that are told otherwise, say to a step alone: what they fail is not without a lie.
 * @param options what the lab is run with.
 * @param keys `new` for each lie, or `kept` from one to the next, since some take long to make.
 */
export function describeLies(
  lab: Lab,
  cases: readonly Case[],
  { keys = 'new', elsewhere = [], options = () => ({}) }: Noticing = {},
): void {
  describe(`${lab.id} fails against a KMS that`, () => {
    let room: Room;
    const [open, close] = keys === 'new' ? [beforeEach, afterEach] : [beforeAll, afterAll];
    open(async () => {
      room = await openRoom();
    });
    close(() => room.close());

    it.each(cases)('$lie', async ({ of, fails, skips, simulated }) => {
      const lying = (kmsIn: KmsIn) => liar(kmsIn, of(kmsIn));
      const told = await room.run(
        lab,
        simulated ? { simulated: lying } : { between: lying(room.kmsIn), simulated: true, options: options(room) },
      );
      expect(told.claims('failed')).toEqual(fails);
      expect(told.steps('skipped')).toEqual(skips);
      expect(told.end).toMatchObject({ outcome: 'failed', claims: { failed: fails.length } });
      // A lie is a result, not an error: nothing else went wrong.
      expect(told.error).toBeUndefined();
      const failedIn = new Set(told.of('claim').flatMap(({ step, outcome }) => (outcome === 'failed' ? [step] : [])));
      expect(told.steps('failed')).toEqual([...failedIn]);
    });

    it('tells the truth in every other respect: the room itself passes', async () => {
      const honest = (kmsIn: KmsIn) => liar(kmsIn, {});
      const told = await room.run(lab, { between: honest(room.kmsIn), simulated: honest, options: options(room) });
      expect(told.steps('passed')).toHaveLength(lab.steps.length);
      const noticed = [...cases, ...elsewhere].flatMap(({ fails }) => fails);
      expect(told.claims('passed').filter((claim) => !noticed.includes(claim))).toEqual([]);
    });
  });
}
