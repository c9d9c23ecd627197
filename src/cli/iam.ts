import { Argument, Command, Option } from 'commander';
import { labs } from '../../labs/index.js';
import { namespace } from './options.js';
import type { Ending } from './program.js';

export interface IamOptions {
  namespace?: string;
  region?: string;
  role?: string[];
  json?: boolean;
}

/** What has permissions of its own: each lab, every lab together, and the commands that call AWS beside them. */
const names = [...labs.map(({ id }) => id), 'all', 'cleanup', 'doctor'];

const collect = (value: string, before: string[] | undefined) => [...(before ?? []), value];

/** `kms-lab iam <what...>`: the least IAM policy; asks nobody. */
export function iamCommand(_ending: Ending): Command {
  return new Command('iam')
    .description('print the least IAM policy for a lab or a command')
    .addArgument(new Argument('<what...>', 'labs, or "all" of them, "cleanup", "doctor"').choices(names))
    .addOption(
      new Option('--namespace <name>', 'for keys of this namespace alone, so that a class can share an account')
        .env('KMS_LAB_NAMESPACE')
        .argParser(namespace),
    )
    .option('--role <arn>', 'role that lab key-policy may assume, instead of its own two; may be repeated', collect)
    .option('--region <region>', 'a Region of the partition where it is to hold (default: AWS_REGION, us-east-1)')
    .option('--json', 'the policy on one line')
    .addHelpText('after', examples)
    .action(async (what: string[], options: IamOptions) => {
      const { tellPolicy } = await import('./iam/telling.js');
      tellPolicy(what, options);
    });
}

const examples = `
Examples:
  $ kms-lab iam symmetric
  $ kms-lab iam all cleanup doctor --namespace alice > alice.json
  $ aws iam create-policy --policy-name kms-lab-alice --policy-document file://alice.json`;
