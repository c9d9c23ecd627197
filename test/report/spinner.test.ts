import { Writable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { noProgress, spinner } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { claim, paper, passed } from './events.js';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** A spinner in place of ora that notes what it is told. */
function recorded() {
  const log: string[] = [];
  let text = '';
  const ora = {
    start: (first: string) => log.push(`start ${first}`),
    stop: () => log.push('stop'),
    get text() {
      return text;
    },
    set text(next: string) {
      text = next;
      log.push(next);
    },
  };
  return { log, load: vi.fn(async () => () => ora) };
}

const { screen } = paper();

it('says what is awaited and for how long, and goes when the result comes', async () => {
  const { log, load } = recorded();
  const progress = spinner(process.stderr, screen, load);
  progress.show('the key', 0);
  await vi.advanceTimersByTimeAsync(1200);
  progress.show('the replica in us-west-2', 3000);
  progress.hide();
  await vi.advanceTimersByTimeAsync(5000);
  expect(log).toMatchInlineSnapshot(`
    [
      "start waiting for the key …",
      "waiting for the key …",
      "waiting for the key … 1 s",
      "waiting for the replica in us-west-2 … 3 s",
      "stop",
    ]
  `);
});

it('nothing appears, and ora is not loaded, for what is quickly over', async () => {
  const { log, load } = recorded();
  const progress = spinner(process.stderr, screen, load);
  for (let call = 0; call < 3; call++) {
    progress.show('KMS', 0);
    await vi.advanceTimersByTimeAsync(100);
    progress.hide();
  }
  await vi.advanceTimersByTimeAsync(1000);
  expect(log).toEqual([]);
  expect(load).not.toHaveBeenCalled();
});

it('is nothing at all without a terminal', () => {
  expect(spinner(process.stderr, { ...screen, isTerminal: false })).toBe(noProgress);
});

it('a result is written after the line is gone, and a later wait shows it again', () => {
  const log: string[] = [];
  const out = { ...screen, write: (text: string) => void log.push(text.trim()) };
  const reporter = terminal(out, { show: (what) => log.push(`show ${what}`), hide: () => log.push('hide') });
  const start = passed().find((event) => event.type === 'step:start');
  if (start) reporter.on(start);
  log.length = 0;
  reporter.on({ type: 'wait', lab: 'symmetric', step: '1.1', what: 'the key', elapsedMs: 1000 });
  reporter.on(claim('1.1', 'the key is Enabled'));
  reporter.end?.();
  expect(log).toEqual(['show the key', 'hide', '✔ the key is Enabled', 'show KMS', 'hide']);
});

it('drives the real ora, which leaves an empty line and no hidden cursor', async () => {
  vi.useRealTimers();
  const written: string[] = [];
  const sink = new Writable({
    write(chunk, _, done) {
      written.push(String(chunk));
      done();
    },
  });
  const stream = Object.assign(sink, {
    isTTY: true,
    columns: 80,
    cursorTo: () => true,
    moveCursor: () => true,
    clearLine: () => written.push('CLEAR'),
  });
  const progress = spinner(stream, screen);
  progress.show('the replica', 3000);
  await vi.waitFor(() => expect(written.join('')).toContain('replica'));
  progress.hide();
  expect(stripVTControlCharacters(written.join(''))).toMatch(/. waiting for the replica … 3 s/);
  expect(written.at(-1)).toBe('CLEAR');
  expect(written.join('')).not.toContain('\u001b[?25l');
});
