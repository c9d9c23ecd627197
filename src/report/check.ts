import type { CheckEnd, CheckEvent, CheckStart, CheckStep, Grades } from '../lab/check-events.js';
import { stepTitle } from './claim.js';
import { accountLine, labTitle } from './headline.js';
import { beside, count, duration, flow, hang, usable, widest } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/**
 * A check for people and for the check scripts of lab platforms: each thing that is missing is one line that begins with
 * `FAIL: `, at the left edge, never wrapped; the last line says the outcome.
 */
export function checkScreen(screen: Screen, quiet: boolean): { on(event: CheckEvent): void } {
  const ink = inkFor(screen);
  const limit = usable(screen.columns);
  let labs = 0;
  const print = (lines: readonly string[]) => screen.write(lines.map((line) => `${line}\n`).join(''));
  return {
    on(event) {
      switch (event.type) {
        case 'check:start':
          labs = event.labs.length;
          if (!quiet) print(head(event, screen, ink));
          break;
        case 'check:lab':
          if (labs > 1 && !quiet) print(['', ink.style.bold(labTitle(event, ink))]);
          break;
        case 'check:step':
          print(stepLines(event, quiet, ink, limit));
          break;
        case 'check:lab-end':
          break;
        case 'check:end':
          print([...(event.error ? [failLine(`${event.error.message}: ${event.error.hint}`, ink)] : [])]);
          print([...(quiet ? [] : ['']), outcome(event, ink)]);
          break;
        default:
          event satisfies never;
      }
    },
  };
}

function head({ place, labs }: CheckStart, screen: Screen, ink: Ink): string[] {
  const limit = usable(screen.columns, widest);
  const [only] = labs;
  const title = `Check ${ink.dot} ${labs.length === 1 && only ? labTitle(only, ink) : count(labs.length, 'lab')}`;
  const side = beside(title, ink.text(place.label), limit);
  return [
    ink.style.bold(title) + (side ? side.gap + ink.text(place.label) : ` ${ink.text(place.label)}`),
    ...flow('', accountLine(place, ink), limit, ink.dot),
  ];
}

function stepLines(step: CheckStep, quiet: boolean, ink: Ink, limit: number): string[] {
  const failed = step.findings.flatMap(({ what, found, hint }) =>
    found ? [] : [failLine(`${step.step} not yet: ${what}${hint ? ` (${hint})` : ''}`, ink)],
  );
  if (quiet) return failed;
  return ['', ...stepTitle(step, ink, limit), ...found(step, ink, limit), ...failed, ...aside(step, ink, limit)];
}

/** Ids are whole: they are what a learner compares, and pastes. */
const failLine = (text: string, ink: Ink) => `${ink.tint('failed')('FAIL:')} ${ink.whole(text)}`;

function found({ findings }: CheckStep, ink: Ink, limit: number): string[] {
  const mark = ink.mark('passed');
  return findings
    .filter((finding) => finding.found)
    .flatMap(({ what }) => hang(`     ${mark} `, ink.whole(what), limit))
    .map((line) => line.replace(`     ${mark}`, `     ${ink.tint('passed')(mark)}`));
}

function aside({ grade, reason }: CheckStep, ink: Ink, limit: number): string[] {
  if (grade !== 'not graded' && grade !== 'waiting') return [];
  return hang(`     ${ink.mark('skipped')} `, ink.whole(`${grade}${reason ? `: ${reason}` : ''}`), limit).map((line) =>
    ink.style.dim(line),
  );
}

function outcome({ outcome, steps, durationMs }: CheckEnd, ink: Ink): string {
  const graded = steps.done + steps.missing + steps.waiting;
  const parts = [
    `${steps.done} of ${count(graded, 'step')}`,
    ...named(steps).flatMap(([word, number]) => (number > 0 ? [`${number} ${word}`] : [])),
    duration(durationMs),
  ];
  const word = `${ink.mark(outcome).trimEnd()} ${outcome === 'passed' ? 'done' : 'not done'}`;
  return `${ink.tint(outcome)(ink.style.bold(word))}  ${parts.join(` ${ink.dot} `)}`;
}

const named = ({ missing, waiting, notGraded }: Grades): [string, number][] => [
  ['with something missing', missing],
  ['waiting', waiting],
  ['not graded', notGraded],
];
