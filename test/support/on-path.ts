import { spawnSync } from 'node:child_process';

/** Whether a program of others can be run here: a shim that leads nowhere does not count. */
export function onPath(command: string, flag: 'version' | '--version' | '--help'): boolean {
  return spawnSync(command, [flag], { stdio: 'ignore' }).status === 0;
}

export const hasOpenSsl: boolean = onPath('openssl', 'version');
