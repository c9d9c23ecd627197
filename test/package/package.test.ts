import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { blockIn } from '../docs/commands.js';
import { launch } from '../support/program.js';
import { installOffline, newFolder, type Packed, pack, programIn, root } from './installed.js';

/** Everything that may be in the package. */
const belongs = [
  /^(package\.json|README\.md|LICENSE|THIRD-PARTY-NOTICES|COMMANDS\.md)$/,
  /^dist\/src\/(main|index)\.js$/,
  /^dist\/chunks\/[\w-]+\.js$/,
  /^dist\/types\/[\w/-]+\.d\.ts$/,
  /^labs\/([\w-]+\/)?[\w-]+\.(txt|json|md|mjs)$/,
  /^src\/emulator\/README\.md$/,
];

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const folder = newFolder();
let packed: Packed;
let missing: string | undefined;

beforeAll(() => {
  packed = pack(folder.path);
  missing = installOffline(folder.path, packed);
}, 120_000);
afterAll(() => folder.remove());

describe('the file that npm pack makes', () => {
  it('holds the program, its types, lessons and samples, and nothing of how it is made', () => {
    expect(packed.files.filter((file) => !belongs.some((form) => form.test(file)))).toEqual([]);
    const { stdout } = spawnSync('git', ['ls-files', 'labs'], { cwd: root, encoding: 'utf8' });
    const beside = stdout.split('\n').filter((file) => file !== '' && !file.endsWith('.ts'));
    expect(packed.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'THIRD-PARTY-NOTICES',
        'dist/types/index.d.ts',
        'dist/src/index.js',
        ...beside,
      ]),
    );
  });

  it('names no folder of the machine that made it', () => {
    const naming = packed.files.filter((file) => readFileSync(join(root, file), 'utf8').includes(root.slice(0, -1)));
    expect(naming).toEqual([]);
  });

  it('is less than half a megabyte', () => {
    expect(packed.size).toBeLessThan(500_000);
  });
});

describe('installed from that file', () => {
  const kmsLab = (...args: string[]) =>
    launch(process.execPath, [programIn(folder.path), ...args], { cwd: folder.path }).ended;

  it('runs a lab on the embedded KMS', async ({ skip }) => {
    if (missing) skip(missing);
    expect(existsSync(join(folder.path, 'node_modules', '.bin', 'kms-lab'))).toBe(true);
    const { code, stdout, stderr } = await kmsLab('symmetric', '--local', '--state', 'memory');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✔ proven {2}8 steps/m);
  });

  it('says its version and its help', async ({ skip }) => {
    if (missing) skip(missing);
    expect(await kmsLab('--version')).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
    expect(await kmsLab('--help')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Usage: kms-lab/),
      stderr: '',
    });
  });

  it("runs README's lab of one's own, which imports it by its name", async ({ skip }) => {
    if (missing) skip(missing);
    writeFileSync(join(folder.path, 'my-lab.js'), blockIn(join(root, 'README.md'), 'ts'));
    const { code, stdout, stderr } = await kmsLab('run', './my-lab.js', '--local', '--state', 'memory', '--to', 'Ann');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^✔ proven {2}2 steps · 3 claims/m);
  });

  it('is typed: that lab compiles, and a step that asks for what no step returned does not', ({ skip }) => {
    if (missing) skip(missing);
    const lab = blockIn(join(root, 'README.md'), 'ts');
    const region =
      "import type { StepContext } from 'kms-lab';\nexport const at = ({ place }: StepContext): string => place.region;\n";
    writeFileSync(join(folder.path, 'good.ts'), `${lab}${region}`);
    writeFileSync(join(folder.path, 'bad.ts'), lab.replace('return { key };', ''));
    // The declarations of the package are checked as well.
    const strict = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
      '--types',
      'node',
    ];
    const args = [...strict, '--module', 'nodenext', '--target', 'es2023', 'good.ts', 'bad.ts'];
    const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, ...args], { cwd: folder.path, encoding: 'utf8' });
    expect(stdout).toMatch(/^bad\.ts\(\d+,\d+\): error TS2339: Property 'key' does not exist on type .*\n$/);
  });
});
