import { type Command, Option } from 'commander';
import { LabError } from '../errors.js';
import type { Lab } from '../lab/define.js';
import { flagOf, type LabOption } from '../lab/options.js';

/** Add what labs declare for themselves; an option that several declare is one. */
export function withLabOptions(command: Command, labs: readonly Lab[]): Command {
  const declared = new Map(labs.flatMap(({ options }) => Object.entries(options)));
  for (const [name, option] of declared) command.addOption(optionOf(flagOf(name), option));
  return command;
}

function optionOf(flag: string, { placeholder, help, parse }: LabOption<unknown>): Option {
  if (placeholder === undefined) return new Option(flag, help);
  return new Option(`${flag} ${placeholder}`, help).argParser((typed: string) => {
    try {
      return parse(typed);
    } catch (error) {
      if (error instanceof LabError) throw error;
      const why = error instanceof Error ? error.message : String(error);
      throw new LabError('usage', `"${typed}" (${flag}): ${why}`, { cause: error });
    }
  });
}
