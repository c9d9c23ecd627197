import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labs } from '../../labs/index.js';
import { packageRoot } from '../lab/package-root.js';
import { jsonLine } from '../report/json.js';

/** Print a lab's lesson: its README, set for the terminal, or raw in JSON. */
export async function showLesson(id: string, options: { json?: boolean; color: boolean }): Promise<void> {
  const lesson = await readFile(join(packageRoot(), 'labs', id, 'README.md'), 'utf8');
  const lab = labs.find((one) => one.id === id);
  if (options.json) {
    process.stdout.write(`${jsonLine({ lab: id, ...lab?.facts, lesson })}\n`);
    return;
  }
  const { renderMarkdown } = await import('../report/markdown-screen.js');
  const { stdoutScreen } = await import('./screen.js');
  process.stdout.write(renderMarkdown(lesson, stdoutScreen(options.color)));
}
