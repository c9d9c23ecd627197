import { duration, usable } from './layout.js';
import { type Ink, inkFor } from './mark.js';
import type { Progress, Screen } from './reporter.js';

/** Nothing is shown sooner: most calls are over by then, and a line that flashes by only distracts. */
const patienceMs = 150;

/** For pipes, files and `--quiet`. */
export const noProgress: Progress = { show() {}, hide() {} };

interface Spinning {
  start(text: string): unknown;
  text: string;
  stop(): unknown;
}
type OraLike = (options: object) => Spinning;

/** One line with what is awaited and for how long, on a terminal alone; ora is loaded when a line is first needed. */
export const spinner = (
  stream: NodeJS.WritableStream,
  screen: Screen,
  load: () => Promise<OraLike> = async () => (await import('ora')).default as OraLike,
): Progress => (screen.isTerminal ? new Spinner(stream, screen, load) : noProgress);

class Spinner implements Progress {
  private readonly ink: Ink;
  private waiting: { what: string; since: number } | undefined;
  private timer: NodeJS.Timeout | undefined;
  private loading: Promise<Spinning> | undefined;
  /** Set while the line is on the screen. */
  private shown: Spinning | undefined;

  constructor(
    private readonly stream: NodeJS.WritableStream,
    private readonly screen: Screen,
    private readonly load: () => Promise<OraLike>,
  ) {
    this.ink = inkFor(screen);
  }

  show(what: string, elapsedMs: number): void {
    this.waiting = { what, since: Date.now() - elapsedMs };
    this.refresh();
    // A terminal without a spinner is no reason to lose a run.
    this.timer ??= setTimeout(() => void this.begin().catch(() => {}), patienceMs).unref();
  }

  hide(): void {
    this.waiting = undefined;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.shown?.stop();
    this.shown = undefined;
  }

  private async begin(): Promise<void> {
    this.loading ??= this.make();
    const ora = await this.loading;
    if (!this.waiting || this.shown) return; // the answer came while ora was loaded
    this.shown = ora;
    ora.start(this.text());
    clearTimeout(this.timer);
    this.timer = setInterval(() => this.refresh(), 500).unref();
  }

  private async make(): Promise<Spinning> {
    const ora = await this.load();
    return ora({
      stream: this.stream,
      isEnabled: true,
      color: this.screen.colour ? 'cyan' : false,
      ...(!this.screen.unicode && { spinner: 'line' }),
      // The cursor and the keyboard stay as they are: nothing to restore when the process is killed, and Ctrl-C is ours.
      hideCursor: false,
      discardStdin: false,
    });
  }

  private refresh(): void {
    if (this.shown) this.shown.text = this.text();
  }

  private text(): string {
    const { what, since } = this.waiting ?? { what: '', since: Date.now() };
    const seconds = Math.floor((Date.now() - since) / 1000);
    const tail = seconds < 1 ? ' …' : ` … ${elapsed(seconds)}`;
    const room = usable(this.screen.columns) - 20 - tail.length; // the whole must stay one line
    const cut = what.length > room ? `${what.slice(0, room - 1)}…` : what;
    return this.ink.text(`waiting for ${cut}${tail}`);
  }
}

const elapsed = (seconds: number) => duration(seconds * 1000).replace('.0', '');
