import { clearScreenDown, createInterface, moveCursor } from 'node:readline';
import type { Choice, Guide } from '../lab/course.js';
import { stepTitle, whyLines } from '../report/claim.js';
import { visible } from '../report/clean.js';
import { usable, width } from '../report/layout.js';
import { inkFor } from '../report/mark.js';
import type { Screen } from '../report/reporter.js';

/** Where a guided run asks. */
export interface Desk {
  input: NodeJS.ReadableStream;
  output: NodeJS.WritableStream;
  screen: Screen;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Ctrl-C was typed into a question: the terminal gives it to whoever reads, and sends no signal. */
  onInterrupt(): void;
  /** Each step's title and why are nowhere else to be read. */
  tellSteps: boolean;
  /** The cursor can be moved: a question that was answered goes away, and what stays is what any run tells. */
  erases: boolean;
}

const choices: Readonly<Record<string, Choice>> = {
  '': 'go',
  r: 'through',
  run: 'through',
  s: 'skip',
  skip: 'skip',
  q: 'quit',
  quit: 'quit',
};

/** Ask at a terminal: Enter goes on, r runs the step without further questions, s leaves it out, q ends the run. */
export function guideAt(desk: Desk): Guide {
  const ink = inkFor(desk.screen);
  const limit = usable(desk.screen.columns);
  const ask = (lines: readonly string[], enter: string) =>
    decide(desk, lines, `     ${enter}, r run the whole step, s skip it, q quit ${desk.screen.unicode ? '›' : '>'} `);
  return {
    step(step) {
      const told = desk.tellSteps ? ['', ...stepTitle(step, ink, limit), ...whyLines(step.why, ink, limit)] : [];
      return ask(told, 'Enter to begin');
    },
    // Never wrapped or shortened, as at the end of the step.
    call: (line) => ask([`       $ ${visible(line)}`], 'Enter to send it'),
  };
}

/** What is typed must be one of the choices; anything else is asked again. */
async function decide(desk: Desk, lines: readonly string[], prompt: string): Promise<Choice> {
  const { output, screen, erases } = desk;
  output.write(lines.map((line) => `${line}\n`).join(''));
  let rows = rowsOf(lines, screen);
  for (;;) {
    const typed = await answer(desk, prompt);
    rows += rowsOf([prompt + (typed ?? '')], screen);
    const choice = typed === undefined ? 'quit' : choices[typed.trim().toLowerCase()];
    if (!choice) continue;
    if (erases) {
      moveCursor(output, -screen.columns, -rows);
      clearScreenDown(output);
    }
    return choice;
  }
}

/** Lines as the terminal shows them: a long one takes several rows. */
const rowsOf = (lines: readonly string[], { columns }: Screen) =>
  lines.reduce((rows, line) => rows + Math.max(1, Math.ceil(width(line) / columns)), 0);

/** One line of input; undefined when there is no more (Ctrl-D). @throws the signal's reason */
function answer({ input, output, signal, onInterrupt }: Desk, prompt: string): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input, output, terminal: true });
    const stop = () => {
      reject(signal.reason);
      lines.close();
      output.write('\n');
    };
    if (signal.aborted) return stop();
    signal.addEventListener('abort', stop, { once: true });
    lines.on('SIGINT', onInterrupt);
    lines.on('close', () => {
      signal.removeEventListener('abort', stop);
      resolve(undefined);
    });
    lines.question(prompt, (typed) => {
      resolve(typed);
      lines.close();
    });
  });
}
