import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

/** The program as users start it, built by the suite's set-up. */
export const mainFile = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));

/** `undefined` takes a variable away. */
export type Env = Record<string, string | undefined>;

export interface RunOptions {
  cwd?: string;
  env?: Env;
  /** Text on stdin; without it stdin is empty. */
  stdin?: string;
  /** Another copy of the program. */
  main?: string;
}

export interface Ended {
  stdout: string;
  stderr: string;
  /** null when a signal ended the process. */
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** A process that runs. */
export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
  /** Resolves when the stream has said `text`; rejects when the process ends without. */
  says(stream: 'stdout' | 'stderr', text: string): Promise<string>;
}

/** A folder of its own, gone when the test ends. */
export function scratch(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'kms-lab-program-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** Run the program to its end; each call in a folder and with a state of its own unless `at` names them. */
export function run(args: readonly string[], options: RunOptions = {}): Promise<Ended> {
  return start(args, options).ended;
}

/** Start the program. A process that still runs when the test ends is killed. */
export function start(args: readonly string[], options: RunOptions = {}): Running {
  return launch(process.execPath, [options.main ?? mainFile, ...args], options);
}

/** What a run finds in its environment beside what the suite has set: nothing it keeps goes anywhere but below its folder. */
export function surroundings(cwd: string): Env {
  return {
    // Under GitHub Actions the program tells GitHub as well; specs ask for that where they mean it.
    GITHUB_ACTIONS: undefined,
    GITHUB_STEP_SUMMARY: undefined,
    // The suite hushes the SDK; the program has to do so itself.
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: undefined,
    // Whatever the system's place for it is.
    KMS_LAB_STATE: join(cwd, '.state'),
    XDG_STATE_HOME: join(cwd, '.xdg'),
    LOCALAPPDATA: join(cwd, '.xdg'),
  };
}

/** Start any command, under the same guard against the network. */
export function launch(command: string, args: readonly string[], options: RunOptions = {}): Running {
  const cwd = options.cwd ?? scratch();
  const env = { ...process.env, ...surroundings(cwd), ...options.env };
  const child = spawn(command, args, { cwd, env, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {}); // it may end without reading
  child.stdin.end(options.stdin ?? '');
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  }
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ ...said, code, signal }));
  });
  return { child, ended, says: (stream, text) => heard(child, said, stream, text) };
}

function heard(
  child: ChildProcess,
  said: Record<'stdout' | 'stderr', string>,
  name: 'stdout' | 'stderr',
  text: string,
) {
  return new Promise<string>((resolve, reject) => {
    const look = () => said[name].includes(text) && resolve(said[name]);
    child[name]?.on('data', look);
    child.once('close', () => reject(new Error(`never said "${text}" on ${name}:\n${said.stdout}\n${said.stderr}`)));
    look();
  });
}

/** The events of a `--json` run. */
export function eventsOf(stdout: string): ({ type: string } & Record<string, unknown>)[] {
  return stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}
