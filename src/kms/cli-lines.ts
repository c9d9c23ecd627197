import { cliLine } from './cli-line.js';
import type { Connection } from './connection.js';
import type { FileRegistry } from './files.js';
import { Names } from './names.js';
import type { ObservedCall } from './record.js';

/** The calls of a run, kept until the step has ended and its files are written, and then told as lines for the AWS CLI. */
export class LinesOfCalls {
  private readonly names = new Names();
  private waiting: (ObservedCall & { mark: number })[] = [];

  constructor(
    private readonly cli: Connection['cli'],
    private readonly files: FileRegistry,
  ) {}

  observe(call: ObservedCall): void {
    this.waiting.push({ ...call, mark: this.files.mark() });
  }

  /** Mark now; what it returns forgets the calls since then. */
  checkpoint(): () => void {
    const known = this.waiting.length;
    return () => {
      this.waiting.length = Math.min(known, this.waiting.length);
    };
  }

  /** The lines of the calls since the last time, in order. */
  take(): string[] {
    const calls = this.waiting;
    this.waiting = [];
    const { cli, files, names } = this;
    return calls.map(({ service, operation, input, output, region, outcome, mark, role }) =>
      cliLine(service, operation, input, output, { region, cli, files, names, outcome, mark, ...(role && { role }) }),
    );
  }
}
