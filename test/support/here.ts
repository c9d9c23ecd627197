import { onTestFinished, vi } from 'vitest';
import { main } from '../../src/cli/program.js';
import { type Env, scratch } from './program.js';

export interface Said {
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Run the program in this process, which spares starting one: for specs that run many commands and are about what these do,
 * not about processes. The folder it works in is left when the test ends. One at a time.
 */
export async function runHere(
  args: readonly string[],
  { cwd = scratch(), env = {} }: { cwd?: string; env?: Env } = {},
) {
  const before = process.cwd();
  const said: Said = { code: 0, stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) => {
    const stream = process[name];
    const listeners = new Set(stream.listeners('error'));
    const write = vi.spyOn(stream, 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    });
    return () => {
      write.mockRestore();
      for (const one of stream.listeners('error')) if (!listeners.has(one)) stream.off('error', one as () => void);
    };
  });
  for (const [name, value] of Object.entries({ KMS_LAB_STATE: `${cwd}/.state`, GITHUB_ACTIONS: undefined, ...env }))
    vi.stubEnv(name, value);
  const leave = () => {
    if (process.cwd() !== before) process.chdir(before);
  };
  onTestFinished(leave);
  process.chdir(cwd);
  try {
    said.code = await main(args);
  } finally {
    for (const restore of streams) restore();
    vi.unstubAllEnvs();
    leave();
  }
  return said;
}
