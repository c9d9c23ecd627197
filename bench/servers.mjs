// The servers that are measured, each a process of its own.
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const node = process.execPath;

export const commands = {
  ours: (state = 'memory') => [node, join(root, 'dist', 'src', 'main.js'), 'serve', '--port', '0', '--state', state],
  bare: () => [node, join(root, 'bench', 'bare-server.mjs')],
  moto: () => ['moto_server', '-H', '127.0.0.1', '-p', '0'],
};

export const hasMoto = spawnSync('moto_server', ['--help'], { stdio: 'ignore' }).status === 0;

/** Start a server; ready when it has said where it listens. */
export async function start([command, ...args]) {
  const started = performance.now();
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await new Promise((resolve, reject) => {
    let said = '';
    const look = (chunk) => {
      said += chunk;
      const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0];
      if (found) resolve(found);
    };
    child.stdout.on('data', look);
    child.stderr.on('data', look);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`${command} ended: ${said}`)));
  });
  const readyMs = performance.now() - started;
  return {
    url,
    readyMs,
    /** Resident memory in MiB, where the system tells. */
    memory() {
      try {
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1024;
      } catch {
        return Number.NaN;
      }
    },
    async stop() {
      child.removeAllListeners('close');
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
}
