import { hang, usable } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import type { Screen } from './reporter.js';

/** One line of the doctor's. */
export interface DoctorLine {
  check: string;
  outcome: 'passed' | 'warning' | 'failed';
  text: string;
  advice?: string;
}

export interface DoctorSum {
  outcome: 'passed' | 'failed';
  exitCode: number;
  passed: number;
  warnings: number;
  failed: number;
}

const labelWidth = 13;

/** What the doctor says, for people: a line for each thing, and under what is not well what to do. */
export function doctorScreen(screen: Screen): { finding(line: DoctorLine): void; end(sum: DoctorSum): void } {
  const ink = inkFor(screen);
  const limit = usable(screen.columns);
  const print = (lines: readonly string[]) => screen.write(lines.map((line) => `${line}\n`).join(''));
  return {
    finding({ check, outcome, text, advice }) {
      const head = `${markOf(outcome, screen, ink)} ${check.padEnd(labelWidth)} `;
      // An account's ARN and other ids are shown whole: they are what one compares.
      print(hang(head, ink.whole(text), limit).map((line, at) => (at === 0 ? tinted(outcome, line, ink) : line)));
      if (advice) print(hang(' '.repeat(head.length), ink.whole(`${screen.unicode ? '→' : '->'} ${advice}`), limit));
    },
    end({ outcome, warnings, failed }) {
      const left = [
        ...(failed > 0 ? [`${failed} to mend`] : []),
        ...(warnings > 0 ? [`${warnings} worth a look`] : []),
      ].join(', ');
      const word = outcome === 'passed' ? 'ready' : 'not ready';
      const mark = outcome === 'passed' ? 'passed' : 'failed';
      print(['', ink.tint(mark)(`${ink.mark(mark)} ${word}${left ? `  ${left}` : ''}`)]);
    },
  };
}

function markOf(outcome: DoctorLine['outcome'], screen: Screen, ink: Ink): string {
  if (outcome === 'warning') return screen.unicode ? '!' : 'warn';
  return ink.mark(outcome);
}

/** Only the mark is coloured; what is said stays readable on any background. */
function tinted(outcome: DoctorLine['outcome'], line: string, ink: Ink): string {
  const [mark = ''] = line.split(' ');
  return ink.tint(outcome === 'warning' ? 'skipped' : outcome)(mark) + line.slice(mark.length);
}
