import { type Command, InvalidArgumentError, Option } from 'commander';
import { labs } from '../../labs/index.js';
import { type CommonOptions, labId, labIdRule, namespace, withOutput, withTarget } from './options.js';
import { timeSpan } from './time-span.js';

/** Options of the commands that look through accounts for what the labs made. */
export interface SweepOptions extends Omit<CommonOptions, 'namespace' | 'region'> {
  region?: string[];
  namespace?: string;
  lab?: string;
  run?: string;
  /** Milliseconds. */
  olderThan?: number;
  everyone?: boolean;
  rate: number;
  roleArn?: string[];
  accounts?: string;
  parallel?: boolean;
}

function share(value: string): number {
  const number = Number(value);
  if (number > 0 && number <= 1) return number;
  throw new InvalidArgumentError('Use a number above 0 and up to 1: 0.5 is half of the quotas.');
}

/** A lab of kms-lab, or one of somebody's own; that nothing is known of such a name is said when nothing was found. */
function lab(value: string): string {
  if (labId.test(value)) return value;
  throw new InvalidArgumentError(`${labIdRule[0]?.toUpperCase()}${labIdRule.slice(1)}.`);
}

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

/** Add what narrows or widens a search, and where it looks. */
export function withSweep(command: Command): Command {
  command
    .optionsGroup('Which:')
    .addOption(new Option('--lab <lab>', 'of this lab only').choices(labs.map(({ id }) => id)).argParser(lab))
    .addOption(new Option('--namespace <name>', 'of this namespace only').env('KMS_LAB_NAMESPACE').argParser(namespace))
    .option('--run <id>', 'of this run only')
    .option('--older-than <age>', 'made at least so long ago: 90m, 12h, 2d, 3w', timeSpan)
    .option('--everyone', 'of all owners and all namespaces, for whoever gave the workshop');
  withTarget(command);
  const region = command.options.find(({ long }) => long === '--region');
  if (region) {
    region.description = 'only this Region; may be repeated (default: every Region of the partition)';
    region.argParser<string[]>(collect);
  }
  command
    .optionsGroup('Many accounts:')
    .option('--role-arn <arn>', 'assume this role and look there; may be repeated', collect)
    .option('--accounts <file>', 'assume each role of this file: one ARN a line, # begins a comment')
    .option('--parallel', 'up to 8 accounts side by side')
    .option('--rate <share>', "share of AWS's request quotas to use; the rest is left to others", share, 0.5);
  return withOutput(command);
}

/** A namespace of the environment narrows a learner's own search, not one for everyone. */
export function asked<Options extends SweepOptions>(options: Options, command: Command): Options {
  if (!options.everyone || command.getOptionValueSource('namespace') !== 'env') return options;
  const { namespace: _environment, ...others } = options;
  return others as Options;
}
