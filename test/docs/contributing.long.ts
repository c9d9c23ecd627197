import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { launch, scratch } from '../support/program.js';
import { commandsIn } from './commands.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const contributing = join(root, 'CONTRIBUTING.md');
const text = readFileSync(contributing, 'utf8').replaceAll('\r\n', '\n');

/** The blocks that follow a line which begins with the name of a file. */
const documented = [...text.matchAll(/^`([\w./-]+)`.*:\n\n```\w+\n([\s\S]*?)^```/gm)].map(
  ([, path = '', body = '']) => ({ path, body }),
);

/** Put the lines with a + after the line that stands before them. */
function applied(diff: string, before: string): string {
  let place = 0;
  let after = before;
  for (const line of diff.trimEnd().split('\n')) {
    const bare = `${line.slice(1)}\n`;
    if (line.startsWith('+')) after = after.slice(0, place) + bare + after.slice(place);
    else place = after.indexOf(bare, place);
    if (place < 0) throw new Error(`labs/index.ts has no line after the others that says: ${bare}`);
    place += bare.length;
  }
  return after;
}

/** A clone in which the documented lab has been added as documented. */
function cloneWithLab(): string {
  const clone = scratch();
  const wanted = ['src', 'labs', 'test', 'package.json', 'rolldown.config.mjs', 'vitest.config.ts'];
  const tsconfigs = readdirSync(root).filter((name) => name.startsWith('tsconfig'));
  const filter = (path: string) => !path.includes('node_modules');
  for (const name of [...wanted, ...tsconfigs])
    cpSync(join(root, name), join(clone, name), { recursive: true, filter: (path) => filter(path.slice(root.length)) });
  symlinkSync(join(root, 'node_modules'), join(clone, 'node_modules'), 'junction');
  for (const { path, body } of documented) {
    const file = join(clone, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, path === 'labs/index.ts' ? applied(body, readFileSync(file, 'utf8')) : body);
  }
  return clone;
}

/** Vitest in vitest must not take itself for a worker of the outer one. */
const outer = Object.fromEntries(
  Object.keys(process.env)
    .filter((name) => /VITEST|^TEST$|^NODE_ENV$/.test(name))
    .map((name) => [name, undefined]),
);

describe('CONTRIBUTING.md', () => {
  it('has a lab in one folder', () => {
    expect(documented.map(({ path }) => path)).toEqual([
      'labs/mac/lab.ts',
      'labs/mac/message.txt',
      'labs/mac/README.md',
      'labs/index.ts',
      'test/lab/mac.test.ts',
    ]);
  });

  it('which, added as it says, builds, passes its specs and those of every lab, and runs', async () => {
    expect(commandsIn(contributing).sort()).toEqual(['kms-lab mac --local', 'kms-lab show mac']);
    const clone = cloneWithLab();
    const specs = /^npx (vitest run .*)$/m.exec(text)?.[1]?.split(' ') ?? [];
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const { code, stdout, stderr } = await launch(process.execPath, [vitest, ...specs.slice(1), '--no-color'], {
      cwd: clone,
      env: outer,
    }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/Tests +6 passed \| \d+ skipped/);
    const kmsLab = (...args: string[]) =>
      launch(process.execPath, [join(clone, 'dist', 'src', 'main.js'), ...args], { cwd: clone }).ended;
    expect(await kmsLab('mac', '--local')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^✔ proven {2}2 steps · 3 claims/m),
    });
    expect(await kmsLab('show', 'mac')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Message authentication'),
    });
    const lint = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    for (const { path, body } of documented.filter(({ path }) => path.endsWith('.ts') && path !== 'labs/index.ts')) {
      const args = [lint, 'check', '--write', `--stdin-file-path=${path}`];
      const { stdout: tidy } = spawnSync(process.execPath, args, { cwd: root, input: body, encoding: 'utf8' });
      expect(tidy, path).toBe(body);
    }
  }, 120_000);

  it('names every room of the house', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
    const named = [...text.matchAll(/^- `src\/([\w-]+)\/`:/gm)].map(([, name]) => name);
    expect(named.sort()).toEqual(rooms.map(({ name }) => name).sort());
  });

  it('names the npm scripts that there are, and all that test', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = new Set([...text.matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name));
    expect([...named].filter((name) => !Object.hasOwn(scripts, name ?? ''))).toEqual([]);
    expect(
      Object.keys(scripts).filter((name) => /^(test|bench):?/.test(name) && name !== 'test' && !named.has(name)),
    ).toEqual([]);
  });
});
