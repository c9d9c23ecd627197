import { Argument, Command } from 'commander';
import { labs } from '../../labs/index.js';
import type { Ending } from './program.js';

/** `kms-lab show <lab>`: the lesson, in the terminal. */
export function showCommand(_ending: Ending): Command {
  const names = labs.map((lab) => lab.id);
  return new Command('show')
    .description('the lesson of a lab, in the terminal')
    .addArgument(new Argument('<lab>', 'one of the labs').choices(names))
    .option('--json', 'the lesson as one JSON object')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .action(async (id: string, options: { json?: boolean; color: boolean }) => {
      const { showLesson } = await import('./lesson.js');
      await showLesson(id, options);
    });
}
