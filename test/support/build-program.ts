import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** A TypeScript program of the tests as one file that plain Node.js runs; `remove` when done. */
export async function buildProgram(entry: string): Promise<{ file: string; remove(): Promise<void> }> {
  // Under node_modules, so that the packages it imports are found from there.
  const outDir = join(root, 'node_modules', '.kms-lab-test', `${entry}-${process.pid}`);
  await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: {
      ssr: join(root, 'test/support', `${entry}.ts`),
      outDir,
      target: 'node20',
      rolldownOptions: { output: { entryFileNames: 'program.mjs' } },
    },
  });
  return { file: join(outDir, 'program.mjs'), remove: () => rm(outDir, { recursive: true, force: true }) };
}
