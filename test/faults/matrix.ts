import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import type { Lab } from '../../src/lab/define.js';
import { type faults, groups } from './faults.js';
import { callsOf, scene } from './scene.js';

/** A step as a message names it: "4.2 Replicate it". */
const stepNamed = (lab: Lab) => new RegExp(`^${lab.facts.number}\\.\\d+ `);

/**
 * One cell of the matrix: after fault and cleanup nothing is left, nobody else's is touched, and the message names the step.
 * @returns whether the lab made so many calls
 */
export async function holds(lab: Lab, k: number, fault: keyof typeof faults): Promise<boolean> {
  const { told, left, met } = await scene(lab, k, fault);
  const at = `${lab.id}, call ${k}, ${fault}`;
  expect(left, at).toEqual([]);
  if (!met) expect(told?.end.outcome, at).toBe('passed');
  if (!met || fault.startsWith('kill -9')) return met;
  if (fault === 'throttled for a while') {
    expect(told?.end, at).toMatchObject({ outcome: 'passed' });
    expect(told?.of('wait').map(({ what }) => what)).toContainEqual(expect.stringContaining('throttles'));
  }
  if (fault === 'Ctrl-C') expect(told?.error?.kind, at).toBe('interrupted');
  if (fault === 'expired credentials') expect(told?.error?.kind, at).toBe('credentials');
  if (told?.error) expect(told.error.message, at).toMatch(stepNamed(lab));
  // Not proven without an error: then a claim failed, or a step was left out, and either is told with its step.
  else if (told?.end.outcome !== 'passed') expect(told?.steps('failed'), at).not.toEqual([]);
  return met;
}

/** A part of the matrix: every lab, every call, the faults of one group. */
export function everyLab(group: keyof typeof groups): void {
  describe.each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
    it.each(Object.keys(groups[group]))('whichever call meets it: %s', async (fault) => {
      const calls = await callsOf(lab);
      expect(calls.length).toBeGreaterThan(lab.facts.keys);
      let met = 0;
      for (let k = 1; k <= calls.length; k++) if (await holds(lab, k, fault)) met++;
      // A lab that asks until something has come about asks once more or less.
      expect(met).toBeGreaterThan(0.9 * calls.length);
    });
  });
}
