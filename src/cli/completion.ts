import { Argument, Command } from 'commander';
import { commandsOf, scripts, shells } from './completion-scripts.js';
import type { Ending } from './program.js';

/** `kms-lab completion bash`: a script that completes commands, options and their values. */
export function completionCommand(_ending: Ending): Command {
  return new Command('completion')
    .description('print a script that completes commands and options in your shell')
    .addArgument(new Argument('<shell>', 'your shell').choices(shells))
    .addHelpText('after', examples)
    .action((shell: keyof typeof scripts, _options: object, command: Command) => {
      const program = command.parent;
      if (program) process.stdout.write(scripts[shell](program.name(), commandsOf(program)));
    });
}

const examples = `
Examples:
  $ source <(kms-lab completion bash)       in ~/.bashrc
  $ source <(kms-lab completion zsh)        in ~/.zshrc, after compinit
  $ kms-lab completion fish | source        in ~/.config/fish/config.fish`;
