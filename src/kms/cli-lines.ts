import { type Act, actLine } from './act.js';
import { cliLine } from './cli-line.js';
import type { Connection } from './connection.js';
import type { FileRegistry } from './files.js';
import { Names } from './names.js';
import type { ObservedCall } from './record.js';

/** Hears what a run does, call by call and act by act, and tells how a person would do it. */
export interface Retelling {
  observe(call: ObservedCall): void;
  /** Something was done without a call. */
  tell(act: Act): void;
  /** The same for what the lab does otherwise than a person would who has no more than a shell. */
  tellByHand(act: Act): void;
  /** Mark now; what it returns forgets the calls since then. */
  checkpoint(): () => void;
  /** The lines since the last time, in order. */
  take(): string[];
}

/**
 * The calls of a run, kept until the step has ended and its files are written, and then told as lines for the AWS CLI; among
 * them, in order, what the step did on this machine.
 */
export class LinesOfCalls implements Retelling {
  private readonly names = new Names();
  private waiting: ((ObservedCall & { mark: number }) | string)[] = [];

  constructor(
    private readonly cli: Connection['cli'],
    private readonly files: FileRegistry,
  ) {}

  observe(call: ObservedCall): void {
    this.waiting.push({ ...call, mark: this.files.mark() });
  }

  tell(act: Act): void {
    this.waiting.push(actLine(act));
  }

  /** The lines of a run tell what the run did. */
  tellByHand(): void {}

  checkpoint(): () => void {
    const known = this.waiting.length;
    return () => {
      this.waiting.length = Math.min(known, this.waiting.length);
    };
  }

  /** A call that is about to be made. What it will make has no variable yet, and its answer no file. */
  ahead(call: ObservedCall): string {
    return this.lineOf({ ...call, mark: this.files.mark() });
  }

  take(): string[] {
    const { waiting } = this;
    this.waiting = [];
    return waiting.map((told) => (typeof told === 'string' ? told : this.lineOf(told)));
  }

  private lineOf({ service, operation, input, output, region, outcome, mark, role }: ObservedCall & { mark: number }) {
    const { cli, files, names } = this;
    const options = { region, cli, files, names, mark, ...(outcome && { outcome }), ...(role && { role }) };
    return cliLine(service, operation, input, output, options);
  }
}
