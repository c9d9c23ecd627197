import type { Screen } from './reporter.js';

/** What is asked of stdout or stderr. */
export interface OutputStream {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

export interface ScreenOptions {
  /** False for `--no-color`. */
  colour?: boolean;
  platform?: NodeJS.Platform;
}

/** Describe a stream: colour only on a terminal, never with NO_COLOR (https://no-color.org) or TERM=dumb. */
export function screenOf(stream: OutputStream, env: Environment, options: ScreenOptions = {}): Screen {
  const isTerminal = stream.isTTY === true;
  return {
    write: (text) => void stream.write(text),
    isTerminal,
    colour: isTerminal && options.colour !== false && !env.NO_COLOR && env.TERM !== 'dumb',
    unicode: hasUnicode(env, options.platform ?? process.platform),
    // Read anew each time: a window may be resized during a lab.
    get columns() {
      return stream.columns || 80;
    },
  };
}

/** POSIX: the first of LC_ALL, LC_CTYPE, LANG that is set decides the character set. Without any (a bare CI image): UTF-8. */
function hasUnicode(env: Environment, platform: NodeJS.Platform): boolean {
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false; // the kernel console draws no ✔
  if (platform === 'win32') {
    return Boolean(env.WT_SESSION || env.ConEmuTask || env.TERM_PROGRAM === 'vscode' || env.TERM || env.CI);
  }
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG;
  return !locale || /utf-?8/i.test(locale);
}
