import { Command } from 'commander';
import { LabError } from '../errors.js';
import { running } from './lab.js';
import type { Ending } from './program.js';

/** `kms-lab run ./my-lab.js`: run a lab that is not one of kms-lab's, with all that a lab's own command has. */
export function runCommand(ending: Ending): Command {
  const command = new Command('run')
    .description('run a lab of your own from its file')
    .argument('<file>', 'a module whose default export is a lab')
    .argument('[options...]', 'those of every lab, and those that it declares: `kms-lab run <file> --help`')
    .addHelpText('after', example)
    // What follows the file is the lab's; what stands before it is told apart in the action.
    .allowUnknownOption()
    .passThroughOptions();
  return command.action(async (file: string, options: string[]) => {
    if (file.startsWith('-'))
      throw new LabError('usage', `${file}: the file comes first`, { hint: 'kms-lab run ./my-lab.js --local' });
    const { loadLab } = await import('./own-lab.js');
    const { lab, home } = await loadLab(file);
    const { number, title, minutes } = lab.facts;
    const own = new Command(`${program(command)} run ${file}`)
      .copyInheritedSettings(command)
      .description(`lab ${number} · ${title} (${minutes} min)`)
      .optionsGroup('What:');
    await running(own, [lab], ending, home).parseAsync(options, { from: 'user' });
  });
}

const program = (command: Command) => command.parent?.name() ?? 'kms-lab';

const example = `
A lab in a file of its own:
  import { Lab } from 'kms-lab';
  export default Lab.define('my-lab', {
    number: 10, title: 'Mine', minutes: 1, keys: 1, teaches: ['a key is Enabled'],
  }).step('Make a key', 'Why it is worth doing.', async ({ own, verify }) => {
    const key = await own.key('my-key');
    verify.equal('it is Enabled', key.KeyState, 'Enabled');
  });`;
