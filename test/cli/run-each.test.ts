import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import { worthTelling } from '../../src/cli/gravest.js';
import { runEach } from '../../src/cli/run-each.js';
import { type Kind, LabError } from '../../src/errors.js';
import { Lab } from '../../src/lab/define.js';
import type { LabEnd } from '../../src/lab/events.js';
import { flagOf } from '../../src/lab/options.js';
import type { LabResult } from '../../src/lab/run.js';

const named = (id: string) => Lab.define(id, { number: 9, title: id, minutes: 1, keys: 0, teaches: [] });
const [one, two, three] = ['one', 'two', 'three'].map(named) as [Lab, Lab, Lab];
const ended = (lab: Lab, kind?: Kind): LabResult => ({
  end: { type: 'lab:end', lab: lab.id } as LabEnd,
  ...(kind && { error: new LabError(kind, `${lab.id} met it`) }),
});

describe('several labs', () => {
  it.each([
    ['a claim', undefined, ['one', 'two', 'three']],
    ['a refusal', 'denied', ['one', 'two', 'three']],
    ['the network', 'unreachable', ['one', 'two', 'three']],
    ['Ctrl-C', 'interrupted', ['one', 'two']],
    ['SIGTERM', 'terminated', ['one', 'two']],
    ['credentials', 'credentials', ['one', 'two']],
  ] as const)('in turn, the second fails for %s', async (_why, kind, expected) => {
    const results: LabResult[] = [];
    await runEach([one, two, three], async (lab) => ended(lab, lab === two ? kind : undefined), {
      parallel: false,
      results,
    });
    expect(results.map(({ end }) => end.lab)).toEqual(expected);
  });

  it('end where the person who is guided ends the run', async () => {
    const results: LabResult[] = [];
    const run = async (lab: Lab) => ({ ...ended(lab), ...(lab === two && { over: true as const }) });
    await runEach([one, two, three], run, { parallel: false, results });
    expect(results.map(({ end }) => end.lab)).toEqual(['one', 'two']);
  });

  it('side by side are all under way at once, and their results keep the order', async () => {
    const results: LabResult[] = [];
    const under = new Map<Lab, () => void>();
    const running = runEach(
      [one, two, three],
      (lab) => new Promise((resolve) => under.set(lab, () => resolve(ended(lab)))),
      { parallel: true, results },
    );
    expect([...under.keys()]).toEqual([one, two, three]);
    for (const lab of [three, one, two]) under.get(lab)?.();
    await running;
    expect(results.map(({ end }) => end.lab)).toEqual(['one', 'two', 'three']);
  });

  it('side by side are waited for when one of them is at fault', async () => {
    const results: LabResult[] = [];
    const run = async (lab: Lab) => {
      if (lab === one) throw new Error('nobody expected this');
      return ended(lab);
    };
    await expect(runEach([one, two, three], run, { parallel: true, results })).rejects.toThrow('nobody expected this');
    expect(results.map(({ end }) => end.lab)).toEqual(['two', 'three']);
  });
});

describe('errors of several labs', () => {
  it('are each told, the gravest last; Ctrl-C, which every lab meets, once', () => {
    const error = (kind: Kind, message: string) => new LabError(kind, message);
    const kinds = (...errors: LabError[]) => worthTelling(errors).map(({ message }) => message);
    expect(kinds(error('denied', '1.1'), error('leftovers', '2.1'), error('denied', '3.1'))).toEqual([
      '1.1',
      '3.1',
      '2.1',
    ]);
    expect(kinds(error('interrupted', '1.1'), error('quota', '2.1'), error('interrupted', '3.1'))).toEqual([
      '2.1',
      '1.1',
    ]);
    expect(kinds()).toEqual([]);
  });
});

it('Labs that declare an option of the same name declare the same option, since `all` has it once', () => {
  const seen = new Map<string, string>();
  for (const lab of labs) {
    for (const [name, { placeholder, help, otherwise }] of Object.entries(lab.options)) {
      const declared = JSON.stringify({ placeholder, help, otherwise });
      expect([flagOf(name), seen.get(name) ?? declared]).toEqual([flagOf(name), declared]);
      seen.set(name, declared);
    }
  }
});
