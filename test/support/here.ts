import type { EventEmitter } from 'node:events';
import { onTestFinished, vi } from 'vitest';
import { main } from '../../src/cli/program.js';
import { type Ended, type Env, scratch, surroundings } from './program.js';

/** The arguments of the run that has not ended yet. */
let running: readonly string[] | undefined;

/**
 * Run the program in this process, which spares starting one: for specs that are about what a command does, not about
 * processes (signals, stdin, a terminal, streams that break). What it meets and how it ends is as `run` has it: pipes, a folder
 * and a state of its own unless `cwd` names them.
 * @throws when another run has not ended: both would share the folder, the environment and the streams of this process
 */
export async function runHere(
  args: readonly string[],
  { cwd = scratch(), env = {} }: { cwd?: string; env?: Env } = {},
): Promise<Ended & { code: number }> {
  if (running) throw new Error(`\`${running.join(' ')}\` has not ended: two runs can't share a process`);
  running = args;
  const told = (['stdout', 'stderr'] as const).map(listen);
  const back = once([
    ...told.map(({ restore }) => restore),
    inEnvironment({ ...surroundings(cwd), ...env }),
    inFolder(cwd),
    asPipes(),
    deaf(),
  ]);
  // Also of a test that did not wait.
  onTestFinished(back);
  try {
    const code = await main(args);
    const [stdout = '', stderr = ''] = told.map(({ text }) => text());
    return { stdout, stderr, code, signal: null };
  } finally {
    back();
    running = undefined;
  }
}

/** All of these, the first time. */
function once(all: (() => void)[]): () => void {
  return () => {
    for (const each of all.splice(0)) each();
  };
}

/** Hear what is written to a stream, which shows none of it meanwhile. */
function listen(name: 'stdout' | 'stderr') {
  const chunks: Buffer[] = [];
  const write = vi.spyOn(process[name], 'write').mockImplementation(((...[chunk, ...more]: unknown[]) => {
    chunks.push(Buffer.from(chunk as string));
    const written = more.at(-1);
    if (typeof written === 'function') process.nextTick(written);
    return true;
  }) as typeof process.stdout.write);
  return { text: () => Buffer.concat(chunks).toString(), restore: () => write.mockRestore() };
}

/** Set variables, and give back a way to what was before, also of those that the program has set itself. */
function inEnvironment(env: Env): () => void {
  const before = { ...process.env };
  const set = (values: Env) => {
    for (const [name, value] of Object.entries(values)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
  set(env);
  return () => {
    for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
    set(before);
  };
}

/** No stream is a terminal, wherever the suite is run. */
function asPipes(): () => void {
  const streams = [process.stdin, process.stdout, process.stderr];
  const before = streams.map(({ isTTY }) => isTTY);
  for (const stream of streams) stream.isTTY = false;
  return () => {
    for (const [at, stream] of streams.entries()) stream.isTTY = before[at] as boolean;
  };
}

/** Who starts to listen to signals and to errors of streams is gone afterwards, as it would be with its process. */
function deaf(): () => void {
  const heard: [EventEmitter, string][] = [
    [process, 'SIGINT'],
    [process, 'SIGTERM'],
    [process.stdout, 'error'],
    [process.stderr, 'error'],
  ];
  const before = heard.map(([emitter, event]) => new Set(emitter.listeners(event)));
  return () => {
    for (const [at, [emitter, event]] of heard.entries())
      for (const one of emitter.listeners(event)) if (!before[at]?.has(one)) emitter.off(event, one as () => void);
  };
}

/** The exit code of this process is nobody's but the suite's, and so is its folder. */
function inFolder(cwd: string): () => void {
  const { exitCode } = process;
  const before = process.cwd();
  process.chdir(cwd);
  return () => {
    process.chdir(before);
    process.exitCode = exitCode;
  };
}
