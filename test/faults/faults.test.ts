import { describe, expect, it } from 'vitest';
import multiRegion from '../../labs/multi-region/lab.js';
import symmetric from '../../labs/symmetric/lab.js';
import type { Lab } from '../../src/lab/define.js';
import { faults } from './faults.js';
import { holds } from './matrix.js';
import { callsOf } from './scene.js';

/** The calls that change something, and each operation's first. `npm run test:faults` takes every call of every lab. */
async function tellingCalls(lab: Lab): Promise<number[]> {
  const calls = await callsOf(lab);
  const changes = /^(?:Create|Replicate|Update|Rotate|Schedule|Enable|Disable|Put|Tag|Delete|Revoke|Retire)/;
  return calls.flatMap((name, at) => (changes.test(name) || calls.indexOf(name) === at ? [at + 1] : []));
}

describe.each([
  ['symmetric', symmetric],
  ['multi-region', multiRegion],
])('Whatever happens to a call of lab %s, cleanup leaves nothing of it', (_id, lab) => {
  it.each(Object.keys(faults))('%s', async (fault) => {
    const calls = await tellingCalls(lab);
    expect(calls.length).toBeGreaterThan(4);
    for (const k of calls) await holds(lab, k, fault);
  });
});
