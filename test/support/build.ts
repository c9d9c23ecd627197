import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Whole-program specs start the built program: build it once, before any of them, when a source is newer. */
export default function setup(): void {
  const built = statSync(`${root}/dist/src/main.js`, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const changed = Math.max(newest(`${root}/src`), newest(`${root}/labs`));
  if (changed < built) return;
  const { status, stdout, stderr } = spawnSync('npm run --silent build', { cwd: root, encoding: 'utf8', shell: true });
  // Types are checked by a command of their own; what was emitted can be tested all the same.
  if (status !== 0) process.stderr.write(`the build reports:\n${stdout}${stderr}`);
}

function newest(folder: string): number {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return Math.max(
    ...files.filter((file) => /\.(ts|json)$/.test(file)).map((file) => statSync(`${folder}/${file}`).mtimeMs),
  );
}
