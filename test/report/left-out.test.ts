import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { stepSummary } from '../../src/report/github.js';
import { html } from '../../src/report/html.js';
import { junit } from '../../src/report/junit.js';
import { markdown } from '../../src/report/markdown.js';
import type { Reporter } from '../../src/report/reporter.js';
import { noProgress } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { paper, passed } from './events.js';

const reason = 'the run was to end after 1.5';

/** A run with `--until 1.5`, or one that was ended before it began: of the lab, `done` steps were done. */
function until(done: number): LabEvent[] {
  const all = passed({ lab: { steps: { passed: done, failed: 0, skipped: 2, notOffered: 0 } } });
  const undone: LabEvent[] = ['1.6', '1.7'].map((step) => ({
    ...{ type: 'step:end', lab: 'symmetric', step, title: 'Refuse what is wrong', durationMs: 0 },
    ...{ outcome: 'skipped', reason },
  }));
  return [...all.slice(0, -2), ...undone, ...all.slice(-2)];
}

function told(make: (write: (text: string) => void) => Reporter, events: readonly LabEvent[]): string {
  const { screen, tell } = paper({ columns: 100 });
  return tell(make(screen.write), events);
}

describe('a run that a person ended early is never told as the whole lab', () => {
  it.each([
    ['Markdown', markdown, '✔ **proven as far as it went** · 2 steps'],
    ['HTML', html, '<title>Lab 1 · Symmetric encryption: proven as far as it went</title>'],
    ['the summary on GitHub', stepSummary, '### ✔ Lab 1 · Symmetric encryption: proven as far as it went'],
  ])('%s', (_format, make, says) => {
    expect(told(make, until(2))).toContain(says);
    expect(told(make, until(0))).toContain('nothing was done');
  });

  it('nor on the screen', () => {
    const { screen, tell } = paper({ columns: 100 });
    expect(tell(terminal(screen, noProgress), until(0))).toContain('✔ nothing was done  0 steps');
  });

  it.each([
    ['JUnit', junit, `<skipped message="${reason}"/>`],
    ['Markdown', markdown, `*skipped: ${reason}*`],
    ['HTML', html, reason],
  ])('and %s says of each step why it was not done', (_format, make, says) => {
    const text = told(make, until(2));
    expect(text.split(says)).toHaveLength(3);
    expect(text).not.toContain('did not succeed');
  });
});
