import { describe, expect, it } from 'vitest';
import { Lab } from '../../src/lab/define.js';

const facts = { number: 7, title: 'A chain', minutes: 1, keys: 0, teaches: [] };

describe('a lab', () => {
  it('is plain data to whoever lists it, and no step runs when it is defined', () => {
    const never = async () => {
      throw new Error('ran');
    };
    const lab = Lab.define('chain', facts).step('First', 'why one', never).step('Second', 'why two', never);
    expect([lab.id, lab.facts]).toEqual(['chain', facts]);
    expect(lab.steps.map(({ title, why }) => [title, why])).toEqual([
      ['First', 'why one'],
      ['Second', 'why two'],
    ]);
    expect([lab.stepId(0), lab.stepId(1)]).toEqual(['7.1', '7.2']);
  });

  it('grows without changing the chain it grew from', () => {
    const one = Lab.define('chain', facts).step('First', 'why', async () => ({ a: 1 }));
    one.step('Second', 'why', async () => {});
    expect(one.steps).toHaveLength(1);
  });

  it('lets a step use what earlier steps returned, and nothing else: tsc says so', () => {
    const chain = Lab.define('chain', facts)
      .step('Give a number', 'why', async () => ({ count: 1 }))
      .step('Give nothing', 'why', async () => {})
      .step('Give a text', 'why', async ({ count }) => ({ text: count.toFixed() }))
      .step('Use both', 'why', async ({ count, text }) => {
        count satisfies number;
        text satisfies string;
      });
    // @ts-expect-error no step returned `blob`
    chain.step('Use what nobody gave', 'why', async ({ blob }) => {
      blob;
    });
    // @ts-expect-error `count` is a number
    chain.step('Use it as another type', 'why', async ({ count }) => ({ upper: count.toUpperCase() }));
    // @ts-expect-error `later` is returned by this step, not by an earlier one
    Lab.define('chain', facts).step('Use its own', 'why', async ({ later }) => ({ later }));
    expect(chain.steps).toHaveLength(4);
  });
});
