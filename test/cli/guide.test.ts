import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { labs } from '../../labs/index.js';
import symmetric from '../../labs/symmetric/lab.js';
import { type Desk, guideAt } from '../../src/cli/guide.js';
import { checkGuided, upTo } from '../../src/cli/guiding.js';
import { LabError } from '../../src/errors.js';
import { screenOf } from '../../src/report/screen.js';

/** A terminal of 60 columns: what is typed at it, and what it was sent. */
function terminal(given: Partial<Desk> = {}) {
  const input = new PassThrough();
  const output = new PassThrough();
  let sent = '';
  output.on('data', (text) => {
    sent += text;
  });
  const screen = screenOf(Object.assign(output, { isTTY: true, columns: 60 }), { LANG: 'C.UTF-8' }, { colour: false });
  const guide = guideAt({
    ...{ input, output, screen },
    signal: new AbortController().signal,
    onInterrupt: () => {},
    tellSteps: false,
    erases: false,
    ...given,
  });
  return { guide, type: (text: string) => void input.write(text), sent: () => sent };
}

const step = { step: '1.2', title: 'Encrypt a file', why: 'It is worth it.' };

describe('a question of a guided run', () => {
  it.each([
    ['Enter', '\r', 'go'],
    ['r', 'r\r', 'through'],
    ['s', 's\r', 'skip'],
    ['S and blanks', ' S \r', 'skip'],
    ['q', 'q\r', 'quit'],
    ['Ctrl-D, the end of all input,', '\u0004', 'quit'],
    ['what is no answer is asked again; then Enter', 'x\r\r', 'again'],
  ])('%s', async (_what, typed, choice) => {
    const { guide, type, sent } = terminal();
    const chosen = guide.step(step);
    const [first, ...rest] = choice === 'again' ? [typed.slice(0, 2), typed.slice(2)] : [typed];
    type(first ?? '');
    for (const more of rest) {
      await new Promise(setImmediate);
      type(more);
    }
    expect(await chosen).toBe(choice === 'again' ? 'go' : choice);
    expect(sent().match(/Enter to begin, r run the whole step, s skip it, q quit/g)?.length).toBeGreaterThanOrEqual(
      choice === 'again' ? 2 : 1,
    );
  });

  it('shows the call in full, and nothing that would steer the terminal', async () => {
    const { guide, type, sent } = terminal();
    const line = `aws kms encrypt --key-id ${'x'.repeat(80)}\u001b[2J`;
    const chosen = guide.call(line);
    type('\r');
    expect(await chosen).toBe('go');
    expect(sent()).toContain(`$ aws kms encrypt --key-id ${'x'.repeat(80)}`);
    expect(sent()).not.toContain('\u001b[2J');
    expect(sent()).toContain('Enter to send it');
  });

  it('tells the step and why where the report does not', async () => {
    const { guide, type, sent } = terminal({ tellSteps: true });
    const chosen = guide.step(step);
    type('\r');
    await chosen;
    expect(sent()).toContain('1.2  Encrypt a file\n     It is worth it.\n');
  });

  it('goes away when it was answered, however many rows it took, where the cursor can be moved', async () => {
    const { guide, type, sent } = terminal({ erases: true });
    const chosen = guide.call('x'.repeat(100));
    type('\r');
    await chosen;
    // Two rows of the line, two of the question.
    expect(sent().endsWith('\u001b[60D\u001b[4A\u001b[0J')).toBe(true);
  });

  it('Ctrl-C is handed on, and ends the question with its reason', async () => {
    const stop = new AbortController();
    const reason = new LabError('interrupted', 'interrupted by SIGINT');
    const { guide, type } = terminal({ signal: stop.signal, onInterrupt: () => stop.abort(reason) });
    const chosen = guide.step(step);
    type('\u0003');
    await expect(chosen).rejects.toBe(reason);
    await expect(guide.step(step)).rejects.toBe(reason);
  });
});

describe('--guided', () => {
  it('needs a terminal', () => {
    expect(() => checkGuided({ guided: true } as never)).toThrow('there is no terminal to ask at');
  });

  it('does not go with labs side by side', () => {
    expect(() => checkGuided({ guided: true, parallel: true } as never)).toThrow('exclude each other');
  });
});

describe('--until', () => {
  it('cuts the labs after the step that is named', () => {
    const { labs: some, until } = upTo(labs, '3.10');
    expect([some.map(({ id }) => id), until]).toEqual([
      ['symmetric', 'asymmetric', 'rotation'],
      { index: 9, step: '3.10' },
    ]);
    expect(upTo(labs, undefined)).toEqual({ labs, until: undefined });
  });

  it.each(['1.9', '2.1', '1', 'x', '01.1'])('refuses %s of lab 1, and lists its steps', (until) => {
    expect(() => upTo([symmetric], until)).toThrow(
      expect.objectContaining({
        kind: 'usage',
        message: `"${until}" (--until) is no step of this lab`,
        hint: 'the steps are 1.1 1.2 1.3 1.4 1.5 1.6 1.7 1.8',
      }),
    );
  });
});
