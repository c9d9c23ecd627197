import { expect, it } from 'vitest';
import { eventsOf, run } from '../support/program.js';

it('--guided without a terminal is one clear line and exit 2, with nothing made', async () => {
  const { code, stdout, stderr } = await run(['symmetric', '--local', '--guided'], { stdin: '\n\n\n' });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    'kms-lab: error: --guided asks before each step, and there is no terminal to ask at\n' +
      'kms-lab: hint: run it in a terminal, or leave --guided away\n',
  );
});

it('--until runs all labs up to a step of one, and the verdict says so', async () => {
  const { code, stdout } = await run(['all', '--local', '--until', '2.2', '--json']);
  const events = eventsOf(stdout);
  expect(code).toBe(0);
  expect(events.flatMap(({ type, lab, outcome }) => (type === 'lab:end' ? [[lab, outcome]] : []))).toEqual([
    ['symmetric', 'passed'],
    ['asymmetric', 'passed'],
  ]);
  const steps = events.flatMap(({ type, step, outcome }) =>
    type === 'step:end' && outcome === 'passed' ? [step] : [],
  );
  expect(steps.slice(-2)).toEqual(['2.1', '2.2']);
  const screen = await run(['symmetric', '--local', '--until', '1.1', '--quiet']);
  expect(screen.stdout).toMatch(/^✔ proven as far as it went {2}1 step · .* · 7 steps skipped$/m);
});

it('--until with no step of the lab is exit 2 with those there are', async () => {
  const { code, stdout, stderr } = await run(['grants', '--local', '--until', '1.3']);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toBe(
    'kms-lab: error: "1.3" (--until) is no step of this lab\n' +
      'kms-lab: hint: the steps are 7.1 7.2 7.3 7.4 7.5 7.6\n',
  );
});
