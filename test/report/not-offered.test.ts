import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { noProgress } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { paper, passed } from './events.js';

const reason = 'UnsupportedOperationException: GenerateMac is not supported here';

/** A run in which one step was begun and is not offered, and another never began. */
function events(): LabEvent[] {
  const all = passed({ lab: { steps: { passed: 2, failed: 0, skipped: 0, notOffered: 2 } } });
  const at = { lab: 'symmetric', title: 'Make a MAC', durationMs: 1 } as const;
  const undone: LabEvent[] = [
    { type: 'step:start', lab: 'symmetric', step: '1.6', title: 'Make a MAC', why: '' },
    { type: 'step:end', ...at, step: '1.6', outcome: 'not offered', reason },
    { type: 'step:end', ...at, step: '1.7', outcome: 'not offered' },
  ];
  return [...all.slice(0, -2), ...undone, ...all.slice(-2)];
}

describe('a run in which steps are not offered', () => {
  it('says why below each, and how many in its verdict', () => {
    const { screen, tell } = paper({ columns: 100 });
    const text = tell(terminal(screen, noProgress), events());
    expect(text).toContain(`     – not offered by this target: ${reason}`);
    expect(text).toMatch(/1\.7 {2}Make a MAC +– not offered\n/);
    expect(text).toContain('✔ proven, 2 steps not offered  2 steps');
  });
});
