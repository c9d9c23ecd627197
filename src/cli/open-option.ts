import { Option } from 'commander';

/** An option that takes any value, of which these are known: they are completed, and nobody but the command refuses others. */
export class OpenOption extends Option {
  constructor(
    flags: string,
    description: string,
    readonly known: readonly string[],
  ) {
    super(flags, description);
  }
}
