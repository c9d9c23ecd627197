import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../', import.meta.url));

/** What `npm pack` made: the file, and what is in it. */
export interface Packed {
  tarball: string;
  /** Bytes of the file. */
  size: number;
  /** Paths inside the package. */
  files: string[];
}

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** npm is a script for a shell on Windows. Its own settings come from here, not from an npm that runs the tests. */
export function npm(words: readonly string[], cwd: string): Ended {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(?!config_cache)/i.test(name)));
  return spawnSync(['npm', ...words].join(' '), { cwd, env, encoding: 'utf8', shell: true });
}

/** A folder that the caller removes. */
export function newFolder(): { path: string; remove(): void } {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'kms-lab-package-')));
  return { path, remove: () => rmSync(path, { recursive: true, force: true, maxRetries: 5 }) };
}

/** Pack what is built, as `npm publish` would. */
export function pack(folder: string): Packed {
  const { status, stdout, stderr } = npm(
    ['pack', '--ignore-scripts', '--json', '--pack-destination', `"${folder}"`],
    root,
  );
  if (status !== 0) throw new Error(stderr);
  const [{ filename, size, files }] = JSON.parse(stdout) as [
    { filename: string; size: number; files: { path: string }[] },
  ];
  return { tarball: filename, size, files: files.map(({ path }) => path) };
}

/** A project of its own whose only dependency is the packed file that lies in it. */
export function newProject(folder: string, { tarball }: Packed): void {
  const dependencies = { 'kms-lab': `file:${tarball}` };
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'consumer', private: true, type: 'module', dependencies }),
  );
}

/**
 * Install it without the network: what kms-lab needs comes from npm's cache, in the versions that `npm ci` has put there.
 * @returns why it can't be, when the cache does not hold them
 */
export function installOffline(folder: string, packed: Packed): string | undefined {
  newProject(folder, packed);
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { version, bin, engines, dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const used = Object.entries<{ dev?: boolean }>(packages).filter(([path, { dev }]) => path !== '' && !dev);
  const resolved = `file:${packed.tarball}`;
  const lock = {
    name: 'consumer',
    lockfileVersion: 3,
    requires: true,
    packages: {
      '': { name: 'consumer', dependencies: { 'kms-lab': resolved } },
      'node_modules/kms-lab': { version, resolved, bin, engines, dependencies },
      ...Object.fromEntries(used),
    },
  };
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify(lock));
  const { status, stderr } = npm(['ci', '--offline', '--ignore-scripts', '--no-audit', '--no-fund'], folder);
  if (status === 0) return undefined;
  if (/ENOTCACHED|cache mode is 'only-if-cached'/.test(stderr))
    return "npm's cache does not hold the dependencies: run npm ci";
  throw new Error(stderr);
}

/** The installed program, as Node.js is to be started with it. */
export const programIn = (folder: string): string => join(folder, 'node_modules', 'kms-lab', 'dist', 'src', 'main.js');
