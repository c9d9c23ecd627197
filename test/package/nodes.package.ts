import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockIn } from '../docs/commands.js';
import { launch } from '../support/program.js';
import { newFolder, newProject, npm, pack, programIn, root } from './installed.js';

const peers = join(root, 'test', 'peers', 'node_modules');
const nodes: Readonly<Record<string, string>> = { 20: 'node20', 22: 'node22', 24: 'node', 26: 'node26' };
const folder = newFolder();

/** npm chooses the versions, as it does for a user; the registry is asked for what the cache does not hold. */
beforeAll(() => {
  newProject(folder.path, pack(folder.path));
  const { status, stderr } = npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], folder.path);
  if (status !== 0) throw new Error(`npm can't install the package: is the registry in reach?\n${stderr}`);
  for (const name of ['my-lab.js', 'typed-lab.ts'])
    writeFileSync(join(folder.path, name), blockIn(join(root, 'README.md'), 'ts'));
});
afterAll(() => folder.remove());

describe.each(Object.entries(nodes))('installed from its file, on Node.js %s', (major, name) => {
  const node =
    [join(peers, name, 'bin', 'node'), join(peers, name, 'bin', 'node.exe')].find((file) => existsSync(file)) ?? '';
  const kmsLab = (...args: string[]) => launch(node, [programIn(folder.path), ...args], { cwd: folder.path }).ended;

  it('is there (npm run peers)', () => {
    expect(spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout).toMatch(new RegExp(`^v${major}\\.`));
  });

  it.each([
    ['--version'],
    ['--help'],
    ['all', '--local', '--state', 'memory'],
    ['run', './my-lab.js', '--local', '--state', 'memory'],
  ])('kms-lab %s', async (...args) => {
    expect(await kmsLab(...args)).toMatchObject({ code: 0, stderr: '' });
  });

  it('keeps the keys of the embedded KMS from one run to the next', async () => {
    await kmsLab('symmetric', '--local', '--state', `state-${major}`);
    const { stdout } = await kmsLab('symmetric', '--local', '--state', `state-${major}`);
    expect(stdout).toContain('the key of an earlier run is used again');
  });

  it('reads a lab in TypeScript, or says that it can’t', async () => {
    const { code, stderr } = await kmsLab('run', './typed-lab.ts', '--local', '--state', 'memory');
    expect(code).toBe(Number(major) >= 22 ? 0 : 2);
    expect(stderr).toMatch(Number(major) >= 22 ? /^$/ : /compile it to JavaScript first/);
  });
});
