import type { LabEnd, RunEnd } from '../lab/events.js';
import { proven } from './facts.js';
import { count, duration, flow } from './layout.js';
import type { Ink } from './mark.js';
import type { Story } from './story.js';

/** The line that says how a lab ended: `✔ proven  8 steps · 23 claims · 17 calls to KMS · 0.21 s`. */
export function labOutcome(end: LabEnd, story: Story, ink: Ink, limit: number): string[] {
  if (end.outcome === 'failed') return verdict('failed', 'not proven', labFailure(end, story), ink, limit);
  const parts = [
    ...(story.single ? [] : [end.lab]),
    count(end.steps.passed, 'step'),
    count(end.claims.passed, 'claim'),
    `${count(end.calls, 'call')} to KMS`,
    duration(end.durationMs),
    ...(end.steps.skipped ? [`${count(end.steps.skipped, 'step')} skipped`] : []),
  ];
  return verdict('passed', proven([end]), parts, ink, limit);
}

function labFailure(end: LabEnd, story: Story): string[] {
  const failed = story.stepsOf(end.lab, 'failed');
  const skipped = story.stepsOf(end.lab, 'skipped');
  return [
    failed.length > 0 ? `${numbered(failed)} of ${end.lab}` : end.lab,
    held(end.claims),
    ...(end.error || end.claims.failed === 0 ? [`ended by an error${end.error ? ` (${end.error.kind})` : ''}`] : []),
    ...(skipped.length > 0 ? [`${numbered(skipped)} skipped`] : []),
  ];
}

/** The line that says how a whole run ended; a run of one lab has one only when it differs from its lab's. */
export function runOutcome(end: RunEnd, story: Story, ink: Ink, limit: number): string[] {
  const failed = story.labs.filter((lab) => lab.outcome === 'failed');
  const asked = story.start?.labs.length ?? 0;
  if (end.outcome === 'passed') {
    const labs = story.labs.length < asked ? `${story.labs.length} of ${count(asked, 'lab')}` : count(asked, 'lab');
    const parts = [labs, count(end.steps, 'step'), count(end.claims.passed, 'claim')];
    return verdict(
      'passed',
      proven(story.labs),
      [...parts, `${count(end.calls, 'call')} to KMS`, duration(end.durationMs)],
      ink,
      limit,
    );
  }
  const unfinished = story.start?.labs.filter(({ lab }) => !story.labs.some((ended) => ended.lab === lab)) ?? [];
  const word = failed.length + unfinished.length > 0 ? 'not proven' : 'proven, but the run failed';
  const parts = [
    ...(failed.length > 0
      ? [`${failed.length} of ${count(asked, 'lab')}: ${failed.map(({ lab }) => lab).join(', ')}`]
      : []),
    ...(unfinished.length > 0 ? [`not finished: ${unfinished.map(({ lab }) => lab).join(', ')}`] : []),
    held(end.claims),
    ...(end.cleanup?.failed.length ? [`${count(end.cleanup.failed.length, 'key')} not removed`] : []),
    ...(end.error ? [`ended by an error (${end.error.kind})`] : []),
  ];
  return verdict('failed', word, parts, ink, limit);
}

const held = ({ passed, failed }: LabEnd['claims']) =>
  `${count(passed, 'claim')} held${failed > 0 ? `, ${failed} failed` : ''}`;

const numbered = (steps: readonly string[]) => `step${steps.length === 1 ? '' : 's'} ${steps.join(', ')}`;

function verdict(mark: 'passed' | 'failed', word: string, parts: string[], ink: Ink, limit: number): string[] {
  const head = `${ink.mark(mark).trimEnd()} ${word}`;
  const [first = '', ...rest] = flow(`${head}  `, parts.map(ink.text), limit, ink.dot);
  return [ink.tint(mark)(ink.style.bold(head)) + first.slice(head.length), ...rest];
}
