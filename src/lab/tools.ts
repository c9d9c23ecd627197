import { type ExecFileException, execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import type { Act } from '../kms/act.js';
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
  /** Write the same bytes with the lowest bit of the last one flipped, and give them back. `bytes` are in a file of theirs. */
  flipped(bytes: Uint8Array, into: string): Promise<Uint8Array>;
  /** Write a file of random bytes, and give them back. */
  random(bytes: number, into: string): Promise<Uint8Array>;
  /** Write a file's bytes as base64 text without a line break, and give the text back. */
  base64(bytes: Uint8Array, into: string): Promise<Uint8Array>;
  /** Whoever does it by hand compares the file `name` with the one that holds these bytes. Nothing is claimed or run. */
  compared(name: string, bytes: Uint8Array): void;
  /**
   * How a person does it who has a shell and no more, where the lab does it otherwise; COMMANDS.md alone tells it. Nothing is run.
   * Names are those of files in the lab's folder for the learner.
   */
  onPaper(...acts: readonly Act[]): void;
}

export interface ToolsOptions {
  cwd: string;
  signal: AbortSignal;
  files: LabFiles;
  tell(act: Act): void;
  tellByHand(act: Act): void;
}

/** What hangs must not hang the lab, in milliseconds. */
const timeout = 30_000;

export function toolsOf({ cwd, signal, files, tell, tellByHand }: ToolsOptions): Tools {
  const byHand: Tools['byHand'] = (program, words, into) =>
    tell({ act: 'program', program, words, into: files.pathOf(into) });
  const made = async (bytes: Uint8Array, name: string, act: (into: string) => Act) => {
    const written = await files.write(name, bytes);
    tell(act(files.pathOf(written)));
    return written;
  };
  return {
    byHand,
    async run(program, words, into) {
      const made = await execute(program, words, { cwd, signal });
      if (made.bytes) byHand(program, words, await files.write(into, made.bytes));
      return made;
    },
    flipped: (bytes, name) =>
      made(lastBitFlipped(bytes), name, (into) => ({ act: 'flip', from: files.pathOf(bytes), into })),
    random: (size, name) => made(randomBytes(size), name, (into) => ({ act: 'random', bytes: size, into })),
    base64: (bytes, name) =>
      made(Buffer.from(Buffer.from(bytes).toString('base64')), name, (into) => ({
        act: 'base64',
        from: files.pathOf(bytes),
        into,
      })),
    compared: (name, bytes) => tell({ act: 'same', one: files.typed(name), other: files.pathOf(bytes) }),
    onPaper: (...acts) => acts.forEach(tellByHand),
  };
}

function lastBitFlipped(bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  copy[copy.length - 1] = (copy.at(-1) ?? 0) ^ 1;
  return copy;
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
