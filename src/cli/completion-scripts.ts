import type { Argument, Command, Option } from 'commander';
import { OpenOption } from './open-option.js';

/** A value that can be completed: one of a list, a file, a folder; otherwise a person must know it. */
export type Value = { kind: 'list'; of: readonly string[] } | { kind: 'file' | 'folder' | 'other' };

export interface CompletedOption {
  /** `-y`, when there is one. */
  short?: string;
  /** `--yes`. */
  long: string;
  about: string;
  /** Missing: it takes none. */
  value?: Value;
}

export interface CompletedCommand {
  name: string;
  about: string;
  options: CompletedOption[];
  /** The words its argument may be, the commands below it among them. */
  words: readonly string[];
  /** Its argument is a file. */
  file: boolean;
}

/** The commands of a program with their options, as it would parse them: there is no second list. */
export const commandsOf = (program: Command): CompletedCommand[] =>
  program
    .createHelp()
    .visibleCommands(program)
    .map((command) => ({
      name: command.name(),
      about: command.description(),
      options: distinct([command, ...command.commands].flatMap(visibleOptions)).flatMap(optionOf),
      words: [
        ...command.commands.map((each) => each.name()),
        ...command.registeredArguments.flatMap((argument: Argument) => argument.argChoices ?? []),
      ],
      file: command.registeredArguments[0]?.name() === 'file',
    }));

const visibleOptions = (command: Command) => command.createHelp().visibleOptions(command);

/** Commands below one command have options in common. */
const distinct = (options: Option[]) =>
  options.filter(({ long }, at) => options.findIndex((other) => other.long === long) === at);

function optionOf(option: Option): CompletedOption[] {
  const { short, long, flags, description, argChoices, required, optional } = option;
  if (!long) return [];
  const known = option instanceof OpenOption ? option.known : argChoices;
  const value: Value | undefined = known
    ? { kind: 'list', of: known }
    : required || optional
      ? { kind: /<file>/.test(flags) ? 'file' : /<dir>/.test(flags) ? 'folder' : 'other' }
      : undefined;
  return [{ ...(short && { short }), long, about: description, ...(value && { value }) }];
}

type Script = (program: string, commands: readonly CompletedCommand[]) => string;

const inner = (program: string) => `_${program.replace(/\W/g, '_')}`;
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
const flagsOf = ({ short, long }: CompletedOption) => (short ? [short, long] : [long]);

/** Works on the bash 3.2 of macOS too: no associative arrays, no mapfile. */
const bash: Script = (program, commands) => {
  const reply = (words: readonly string[]) => `COMPREPLY=($(compgen -W ${quoted(words.join(' '))} -- "$cur"))`;
  // A folder named like a command is no folder there; bash 3.2 has no compopt and does without.
  const path = (kind: string) => `COMPREPLY=($(compgen ${kind} -- "$cur")); compopt -o filenames 2>/dev/null`;
  const replies = { file: path('-f'), folder: path('-d'), other: ':' };
  const values = ({ name, options }: CompletedCommand) =>
    options.flatMap((option) => {
      const { value } = option;
      if (!value) return [];
      const pattern = flagsOf(option)
        .map((flag) => `${name}:${flag}`)
        .join('|');
      return [`    ${pattern}) ${value.kind === 'list' ? reply(value.of) : replies[value.kind]}; return ;;`];
    });
  const files = ({ name, file }: CompletedCommand) => (file ? [`    ${name}:${name}) ${replies.file}; return ;;`] : []);
  const words = ({ name, options, words }: CompletedCommand) =>
    `    ${name}) ${reply([...words, ...options.flatMap(flagsOf)])} ;;`;
  return `# bash completion for ${program}: source <(${program} completion bash)
${inner(program)}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} before=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  # bash takes the = of --option=value for a word.
  if [[ $cur == = ]]; then cur=
  elif [[ $before == = ]]; then before=\${COMP_WORDS[COMP_CWORD-2]}; fi
  if [[ $COMP_CWORD -eq 1 ]]; then
    ${reply([...commands.map(({ name }) => name), '--help', '--version'])}
    return
  fi
  case $command:$before in
${commands.flatMap((command) => [...files(command), ...values(command)]).join('\n')}
  esac
  case $command in
${commands.map(words).join('\n')}
  esac
}
complete -F ${inner(program)} ${program}
`;
};

const zsh: Script = (program, commands) => {
  const escaped = (text: string) => text.replace(/[[\]:\\]/g, '\\$&');
  const action = (value: Value) =>
    value.kind === 'list' ? `(${value.of.join(' ')})` : { file: '_files', folder: '_files -/', other: ' ' }[value.kind];
  const spec = ({ long, about, value }: CompletedOption, flag: string) =>
    quoted(`${flag}[${escaped(about)}]${value ? `:${long.replace(/^--/, '')}:${action(value)}` : ''}`);
  const branch = ({ name, options, words, file }: CompletedCommand) => {
    const specs = options.flatMap((option) => flagsOf(option).map((flag) => spec(option, flag)));
    const choice = file ? '_files' : words.length > 0 ? `(${words.join(' ')})` : undefined;
    const argument = choice ? [quoted(`1:argument:${choice}`)] : [];
    return `    ${name}) _arguments -S \\\n      ${[...specs, ...argument].join(' \\\n      ')} ;;`;
  };
  return `#compdef ${program}
# zsh completion for ${program}: source <(${program} completion zsh), after compinit
${inner(program)}() {
  if (( CURRENT == 2 )); then
    local -a commands=(
${commands.map(({ name, about }) => `      ${quoted(`${name}:${escaped(about)}`)}`).join('\n')}
    )
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
${commands.map(branch).join('\n')}
  esac
}
if [[ \${funcstack[1]} == ${inner(program)} ]]; then ${inner(program)} "$@"; else compdef ${inner(program)} ${program}; fi
`;
};

const fish: Script = (program, commands) => {
  const text = (about: string) => `'${about.replace(/[\\']/g, '\\$&')}'`;
  const needs = (name: string) => `'contains -- ${name} (commandline -opc)[2]'`;
  const value = (value: Value | undefined) => {
    if (!value) return '';
    if (value.kind === 'list') return ` -x -a ${text(value.of.join(' '))}`;
    return { file: ' -r -F', folder: ` -x -a '(__fish_complete_directories)'`, other: ' -x' }[value.kind];
  };
  const lines = commands.flatMap(({ name, about, options, words, file }) => [
    `complete -c ${program} -n __fish_use_subcommand -a ${name} -d ${text(about)}`,
    ...(words.length > 0 ? [`complete -c ${program} -n ${needs(name)} -a ${text(words.join(' '))}`] : []),
    ...(file ? [`complete -c ${program} -n ${needs(name)} -F`] : []),
    ...options.map((option) => {
      const short = option.short ? ` -s ${option.short.slice(1)}` : '';
      return `complete -c ${program} -n ${needs(name)}${short} -l ${option.long.slice(2)} -d ${text(option.about)}${value(option.value)}`;
    }),
  ]);
  return `# fish completion for ${program}: ${program} completion fish | source
complete -c ${program} -f
${lines.join('\n')}
`;
};

export const scripts = { bash, zsh, fish } as const satisfies Record<string, Script>;
export const shells = Object.keys(scripts);
