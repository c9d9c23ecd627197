import { describe, expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import type { Progress } from '../../src/report/reporter.js';
import { sideBySide } from '../../src/report/side-by-side.js';
import { noProgress } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { paper } from './events.js';
import { masterclass } from './masterclass.js';

const events = masterclass();
const [start, end] = [events[0], events.at(-1)] as [LabEvent, LabEvent];
const of = (lab: string) => events.filter((event) => 'lab' in event && event.lab === lab);

/** Two labs whose events come in turn, as those of labs at the same time do; the shorter one ends first. */
function mixed(): LabEvent[] {
  const [one, other] = [of('asymmetric'), of('multi-region')];
  const longest = Math.max(one.length, other.length);
  return Array.from({ length: longest }, (_, at) => [other[at], one[at]])
    .flat()
    .filter((event) => event !== undefined);
}

const wait = (lab: string, step: string, what: string): LabEvent => ({ type: 'wait', lab, step, what, elapsedMs: 0 });

/** What the one line of progress said, in order. */
function seen(events: readonly LabEvent[]): (string | undefined)[] {
  const said: (string | undefined)[] = [];
  const progress: Progress = { show: (what) => said.push(what), hide: () => said.push(undefined) };
  const { screen } = paper();
  const reporter = sideBySide(terminal(screen, noProgress), progress);
  for (const event of events) reporter.on(event);
  return said;
}

describe('labs side by side', () => {
  it('are told one after another, as if they had run in the order in which they ended', () => {
    const ended = mixed().flatMap((event) => (event.type === 'lab:end' ? [event.lab] : []));
    expect(ended).toHaveLength(2);
    const together = paper();
    const told = together.tell(sideBySide(terminal(together.screen, noProgress), noProgress), [start, ...mixed(), end]);
    const apart = paper();
    expect(told).toBe(apart.tell(terminal(apart.screen, noProgress), [start, ...ended.flatMap(of), end]));
  });

  it('have one line that says where each of them is', () => {
    const [one, other] = [of('asymmetric'), of('multi-region')];
    expect(seen([start, ...one.slice(0, 2), ...other.slice(0, 3)]).at(-1)).toBe('asymmetric 2.1, multi-region 4.1');
    const alone = [start, ...one, ...other.slice(0, 3), wait('multi-region', '4.1', 'the replica is Enabled')];
    expect(seen(alone).at(-1)).toBe('multi-region 4.1: the replica is Enabled');
    expect(seen([start, ...one]).at(-1)).toBeUndefined();
  });

  it('that a run breaks off in are told as far as they came', () => {
    const { screen, tell } = paper();
    const begun = [...of('asymmetric').slice(0, 4), ...of('multi-region').slice(0, 4)];
    const text = tell(sideBySide(terminal(screen, noProgress), noProgress), [start, ...begun]);
    expect(text.indexOf('2.1  Create an RSA key pair')).toBeGreaterThan(0);
    expect(text.indexOf('4.1  Create a multi-Region')).toBeGreaterThan(text.indexOf('2.1  Create an RSA key pair'));
  });
});
