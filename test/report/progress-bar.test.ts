import { expect, it } from 'vitest';
import { progressBar, size } from '../../src/report/progress-bar.js';
import type { Screen } from '../../src/report/reporter.js';

function bar(screen: Partial<Screen> = {}) {
  const said: string[] = [];
  let time = 0;
  const write = (text: string) => void said.push(text);
  const paper = { isTerminal: true, colour: false, unicode: true, columns: 100, ...screen, write };
  const progress = progressBar(paper, 'encrypting notes.txt', () => time);
  return {
    said,
    progress,
    after: (ms: number) => {
      time += ms;
    },
  };
}

const mebi = 2 ** 20;

it('draws one line over itself, and takes it away', () => {
  const { said, progress, after } = bar();
  after(1000);
  progress.show(250 * mebi, 1000 * mebi);
  after(1000);
  progress.show(1000 * mebi, 1000 * mebi);
  progress.hide();
  progress.show(1000 * mebi, 1000 * mebi);
  expect(said.map((text) => text.replace(/\r/g, '<'))).toEqual([
    '<encrypting notes.txt  █████░░░░░░░░░░░░░░░  25 % · 250.0 MiB of 1000.0 MiB · 250.0 MiB/s · 3 s left',
    '<encrypting notes.txt  ████████████████████  100 % · 1000.0 MiB of 1000.0 MiB · 500.0 MiB/s         ',
    `<${' '.repeat(90)}`,
    '<',
  ]);
});

it('stays on one line of a narrow terminal, and does without Unicode', () => {
  const { said, progress, after } = bar({ columns: 40, unicode: false });
  after(1000);
  progress.show(mebi, 2 * mebi);
  expect(said).toEqual(['\r##########..........  50 % - 1.0 MiB of']);
});

it('shows nothing of what is quickly over, no more than ten lines a second, and nothing where there is no terminal', () => {
  const quick = bar();
  quick.after(100);
  quick.progress.show(1, 2);
  quick.progress.hide();
  expect(quick.said).toEqual([]);
  const busy = bar();
  for (let n = 0; n < 1000; n++) {
    busy.after(1);
    busy.progress.show(n, 1000);
  }
  expect(busy.said).toHaveLength(9);
  const piped = bar({ isTerminal: false });
  piped.after(5000);
  piped.progress.show(1, 2);
  piped.progress.hide();
  expect(piped.said).toEqual([]);
});

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1536, '1.5 KiB'],
  [64 * 2 ** 30, '64.0 GiB'],
])('%i bytes are %s', (bytes, text) => {
  expect(size(bytes)).toBe(text);
});
