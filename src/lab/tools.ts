import { type ExecFileException, execFile } from 'node:child_process';
import { quote } from '../kms/shell.js';
import type { LabFiles } from './files.js';

/** What a program gave: bytes, or why it gave none. */
export type Made = { bytes: Uint8Array; why?: never } | { bytes?: never; why: string };

/** What a step does on the learner's machine, told as a line for bash among those of its calls. */
export interface Tools {
  /**
   * Run a program of the learner's, without a shell and where the paths of `files.pathOf` lead; what it says on stdout is
   * written into their file `into`. Nothing is written or told when it is not installed or does not succeed.
   */
  run(program: string, words: readonly string[], into: string): Promise<Made>;
  /** The step has written the file `into` itself; say how it is done by hand. Nothing is run. */
  byHand(program: string, words: readonly string[], into: Uint8Array): void;
}

export interface ToolsOptions {
  cwd: string;
  signal: AbortSignal;
  files: LabFiles;
  tell(line: string): void;
}

/** What hangs must not hang the lab, in milliseconds. */
const timeout = 30_000;

export function toolsOf({ cwd, signal, files, tell }: ToolsOptions): Tools {
  const byHand: Tools['byHand'] = (program, words, into) =>
    tell(`${[program, ...words].map(quote).join(' ')} > ${quote(files.pathOf(into))}`);
  return {
    byHand,
    async run(program, words, into) {
      const made = await execute(program, words, { cwd, signal });
      if (made.bytes) byHand(program, words, await files.write(into, made.bytes));
      return made;
    },
  };
}

function execute(program: string, words: readonly string[], options: { cwd: string; signal: AbortSignal }) {
  return new Promise<Made>((resolve, reject) => {
    const told = { ...options, encoding: 'buffer', timeout, windowsHide: true } as const;
    execFile(program, words, told, (error, stdout, stderr) => {
      if (options.signal.aborted) reject(options.signal.reason);
      else if (error) resolve({ why: whyNot(program, error, stderr.toString()) });
      else resolve(stdout.length > 0 ? { bytes: stdout } : { why: `${program} said nothing` });
    });
  });
}

function whyNot(program: string, error: ExecFileException, stderr: string): string {
  if (error.code === 'ENOENT') return `${program} is not installed`;
  const [said = ''] = stderr.trim().split('\n');
  return `${program} did not succeed${said && `: ${said}`}`;
}
