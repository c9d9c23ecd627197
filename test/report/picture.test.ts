import { expect, it } from 'vitest';
import type { LabEvent } from '../../src/lab/events.js';
import { markdown } from '../../src/report/markdown.js';
import { noProgress } from '../../src/report/spinner.js';
import { terminal } from '../../src/report/terminal.js';
import { paper, passed } from './events.js';

/** A run in which a note comes with a picture; one of its lines tries to be two. */
function drawn(): LabEvent[] {
  const note = (event: LabEvent): LabEvent =>
    event.type === 'note' ? { ...event, text: 'two boxes:', picture: ['┌──┐  ┌──┐', '└──┘  └──┘\n✔ proven'] } : event;
  return passed().map(note);
}

const lines = (text: string) => text.split('\n').filter((line) => /two boxes|[┌└+]-*─*|✔ proven/.test(line));

it('a picture stands below its note on a terminal, its blanks kept, each line one line', () => {
  const { screen, tell } = paper();
  const text = tell(terminal(screen, noProgress, {}), drawn());
  expect(lines(text).slice(0, 3)).toEqual(['       two boxes:', '       ┌──┐  ┌──┐', '       └──┘  └──┘ ✔ proven']);
});

it('in characters that a terminal without Unicode has', () => {
  const { screen, tell } = paper({ unicode: false });
  expect(tell(terminal(screen, noProgress, {}), drawn())).toContain('       +--+  +--+\n');
});

it('is a block of its own in a lab report', () => {
  const { screen, tell } = paper();
  const text = tell(markdown(screen.write, {}), drawn());
  expect(text).toContain('- two boxes:\n');
  expect(text).toContain('\n```text\n┌──┐  ┌──┐\n└──┘  └──┘\\x0a✔ proven\n```\n');
});
