import { Command } from 'commander';
import { labs } from '../../labs/index.js';
import { jsonLine } from '../report/json.js';
import type { Ending } from './program.js';

/** `kms-lab list`: the labs in teaching order. */
export function listCommand(_ending: Ending): Command {
  return new Command('list')
    .description('the labs, in teaching order')
    .option('--json', 'one JSON object per line')
    .action((options: { json?: boolean }) => {
      for (const { id, facts, steps } of labs) {
        if (options.json) {
          const titles = steps.map((step, at) => ({ step: `${facts.number}.${at + 1}`, title: step.title }));
          process.stdout.write(`${jsonLine({ lab: id, ...facts, steps: titles })}\n`);
          continue;
        }
        process.stdout.write(`${facts.number}  ${id.padEnd(18)} ${facts.title} (${facts.minutes} min)\n`);
        for (const line of facts.teaches) process.stdout.write(`   ${''.padEnd(18)} - ${line}\n`);
      }
    });
}
