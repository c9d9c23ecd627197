import { expect } from 'vitest';
import type { Lab } from '../../src/lab/define.js';
import { faults } from './faults.js';
import { scene } from './scene.js';

/** Every fault by its name. */
export const faultNames = [...Object.keys(faults), 'throttled for a while'];

/** A step as a message names it: "4.2 Replicate it". */
const stepNamed = (lab: Lab) => new RegExp(`^${lab.facts.number}\\.\\d+ `);

/** One cell of the matrix: after fault and cleanup nothing is left, nobody else's is touched, and the message names the step. */
export async function holds(lab: Lab, k: number, fault: string): Promise<void> {
  const { told, left } = await scene(lab, k, fault);
  const at = `${lab.id}, call ${k}, ${fault}`;
  expect(left, at).toEqual([]);
  if (fault.startsWith('kill -9')) return;
  if (fault === 'throttled for a while') expect(told?.end.outcome, at).toBe('passed');
  if (fault === 'Ctrl-C') expect(told?.error?.kind, at).toBe('interrupted');
  if (fault === 'expired credentials') expect(told?.error?.kind, at).toBe('credentials');
  if (told?.error) expect(told.error.message, at).toMatch(stepNamed(lab));
  // Not proven without an error: then a claim failed, or a step was left out, and either is told with its step.
  else if (told?.end.outcome !== 'passed') expect(told?.steps('failed'), at).not.toEqual([]);
}
