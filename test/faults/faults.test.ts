import { describe, expect, it } from 'vitest';
import multiRegion from '../../labs/multi-region/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import { faults } from './faults.js';
import { holds } from './matrix.js';
import { callsOf, scene, tellingCalls } from './scene.js';

const names = Object.keys(faults);

/** Each fault meets every n-th of the calls that tell most, and another of them first. `npm run test:faults`: every call of every lab. */
describe.each([
  ['symmetric', symmetric, 3],
  ['multi-region', multiRegion, 5],
])('Whatever happens to a call of lab %s, cleanup leaves nothing of it', (_id, lab, n) => {
  it.each(names)('%s', async (fault) => {
    const telling = tellingCalls(await callsOf(lab));
    const calls = telling.filter((_, at) => at % n === names.indexOf(fault) % n);
    let met = 0;
    for (const k of calls) if (await holds(lab, k, fault)) met++;
    expect(met).toBeGreaterThan(1);
  });
});

describe('What is looked for afterwards', () => {
  it('is there as long as nobody cleans up: keys, aliases, files', async () => {
    const last = (await callsOf(multiRegion)).length;
    const { left } = await scene(multiRegion, last, 'Ctrl-C', { cleanup: false });
    expect(left).toEqual(
      expect.arrayContaining([
        'us-east-1: a key is Enabled',
        'us-west-2: a key is Enabled',
        expect.stringMatching(/^us-east-1: alias\/kms-lab-/),
        expect.stringMatching(/^us-west-2: alias\/kms-lab-/),
        'kms-lab-files',
      ]),
    );
    expect(left.filter((each) => each.includes('somebody'))).toEqual([]);
  });
});
