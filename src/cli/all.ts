import { Command } from 'commander';
import { labs } from '../../labs/index.js';
import { running } from './lab.js';
import type { Ending } from './program.js';

/** `kms-lab all`: run every lab, as one run with one report. */
export function allCommand(ending: Ending): Command {
  const minutes = labs.reduce((sum, { facts }) => sum + facts.minutes, 0);
  const command = new Command('all')
    .description(`every lab, in this order (${minutes} min)`)
    .optionsGroup('What:')
    .option('--parallel', 'the labs side by side; each is shown when it has ended');
  return running(command, labs, ending);
}
