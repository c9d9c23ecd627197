import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Env, launch } from '../support/program.js';

const warmAws = fileURLToPath(new URL('warm_aws.py', import.meta.url));

/** What a call with the AWS CLI came to: "kms decrypt: ok", "kms decrypt: InvalidCiphertextException". */
export type Outcome = string;

/** What came of the lines that were pasted into a shell. */
export interface Pasted {
  /** Each call with the AWS CLI, in order. */
  calls: Outcome[];
  /** How many lines failed. */
  failed: number;
  stderr: string;
}

/** The Python in which the AWS CLI is installed, where it is one that can be loaded; v2 brings its own. */
export function pythonOfAws(): string | undefined {
  const loads = (python: string) =>
    spawnSync(python, ['-c', 'import awscli.clidriver, os; os.fork'], { stdio: 'ignore' }).status === 0;
  const { stdout } = spawnSync('bash', ['-c', 'head -n 1 "$(pyenv which aws 2>/dev/null || command -v aws)"'], {
    encoding: 'latin1',
  });
  const shebang = /^#!(\/\S*python[\d.]*)$/m.exec(stdout)?.[1];
  return [...(shebang ? [shebang] : []), 'python3'].find(loads);
}

/** Load the AWS CLI once for shells that ask it through these folders. */
export async function warm(python: string, desks: readonly string[], env: Env): Promise<void> {
  for (const desk of desks) mkdirSync(desk, { recursive: true });
  const aws = launch(python, [warmAws, ...desks], { env });
  await aws.says('stdout', 'warm');
}

/** How a shell runs the AWS CLI: in a process of its own for each line, or through the loaded one. */
const cold = 'command aws "$@" >"$W/stdout" 2>"$W/stderr" </dev/null; code=$?';
const loaded = `{ printf '%s\\0' "$PWD"; env | grep '^AWS_' | tr '\\n' '\\0'; printf '%s\\0' -- "$@"; } >"$W/request"
  echo >"$W/asked"; read -r code <"$W/answered"`;

const prelude = (aws: string) => `W=$KMS_LAB_DESK; mkdir -p "$W"
aws() {
  local code
  ${aws}
  printf '%s\\0%s\\0%s\\0' "$1 $2" "$code" "$(cat "$W/stderr")" >>"$W/log"
  cat "$W/stderr" >&2; cat "$W/stdout"; return "$code"
}
set -o pipefail
trap 'echo >>"$W/failed"' ERR
`;

/** How a shell is started as if somebody typed: without their own settings. */
const shells = { bash: ['--norc', '-s'], zsh: ['-fis'] } as const;

/** Paste lines into one shell. `desk` is a folder for what the spec keeps; `isWarm` when the AWS CLI has been loaded for it. */
export async function paste(
  lines: string,
  {
    shell,
    cwd,
    desk,
    env,
    isWarm,
  }: { shell: keyof typeof shells; cwd: string; desk: string; env: Env; isWarm: boolean },
): Promise<Pasted> {
  const stdin = `${prelude(isWarm ? loaded : cold)}${lines}\n`;
  const { stderr } = await launch(shell, shells[shell], { cwd, env: { ...env, KMS_LAB_DESK: desk }, stdin }).ended;
  const read = (name: string) => {
    const path = join(desk, name);
    return existsSync(path) ? readFileSync(path, 'utf8') : '';
  };
  const failed = read('failed').length;
  return { calls: outcomes(read('log').split('\0').slice(0, -1)), failed, stderr };
}

function outcomes(fields: readonly string[]): Outcome[] {
  const calls: Outcome[] = [];
  for (let at = 0; at + 2 < fields.length; at += 3) {
    const [call, status, stderr = ''] = fields.slice(at, at + 3);
    const exception = /An error occurred \((\w+)\)/.exec(stderr)?.[1];
    calls.push(`${call}: ${status === '0' ? 'ok' : (exception ?? `exit code ${status}: ${stderr.trim()}`)}`);
  }
  return calls;
}
