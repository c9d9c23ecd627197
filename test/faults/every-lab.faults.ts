import { describe, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { faultNames, holds } from './matrix.js';
import { callsOf } from './scene.js';

/** The whole matrix: every lab, every call, every fault. `npm run test:faults`. */
describe.each(labs.map((lab) => [lab.id, lab] as const))('%s', (_id, lab) => {
  it.each(faultNames)('whichever call meets it: %s', async (fault) => {
    const calls = await callsOf(lab);
    for (let k = 1; k <= calls.length; k++) await holds(lab, k, fault);
  });
});
