import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Files in a folder of their own, for programs that read and write files. */
export function exchange() {
  const dir = mkdtempSync(join(tmpdir(), 'kms-peer-'));
  const path = (name: string) => join(dir, name);
  return {
    path,
    write(name: string, bytes: Uint8Array): string {
      writeFileSync(path(name), bytes);
      return path(name);
    },
    read: (name: string): Buffer => readFileSync(path(name)),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  };
}

/** Run the openssl program; its exit code and what it wrote. */
export function openssl(...args: string[]): { status: number | null; stdout: Buffer; stderr: string } {
  const { status, stdout, stderr } = spawnSync('openssl', args);
  return { status, stdout, stderr: stderr.toString() };
}

const installed = fileURLToPath(new URL('../peers/node_modules/node/bin/node', import.meta.url));

/**
 * A Node whose OpenSSL knows ML-DSA and ML-KEM: the one that runs this, or the one that `npm run peers` installs. That
 * one lives beside the project because a package `node` among its own dependencies would run its scripts, too.
 */
export const node24: string | undefined =
  Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : existsSync(installed) ? installed : undefined;

/** Run a function's text there with one argument; both it and what it gives are JSON. */
export function inNode24<Argument, Result>(run: string, argument: Argument): Result {
  const script = `process.stdout.write(JSON.stringify((${run})(require('node:crypto'), ${JSON.stringify(argument)})))`;
  const { status, stdout, stderr } = spawnSync(node24 ?? 'node', ['--no-warnings', '-e', script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Result;
}
