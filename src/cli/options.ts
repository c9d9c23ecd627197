import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TargetOptions } from '../target/target.js';

/** Options of every command that calls KMS. */
export interface CommonOptions extends TargetOptions {
  namespace: string;
  yes?: boolean;
  json?: boolean;
  quiet?: boolean;
  color: boolean;
  debug?: boolean;
}

/** Files to report to, beside what stdout says. */
export interface ReportOptions {
  junit?: string;
  markdown?: string;
  html?: string;
}

const namespaceForm = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
const namespaceLimit = 32;

/** The id of a lab stands in tags and names a folder. */
export const labId = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
export const labIdRule = 'use lower-case letters, digits and single hyphens, with a letter first';

/** A namespace stands in alias names and tags: lower-case letters, digits and single hyphens, at most 32. */
export function namespace(value: string): string {
  if (namespaceForm.test(value) && value.length <= namespaceLimit) return value;
  throw new InvalidArgumentError(`Use up to ${namespaceLimit} lower-case letters, digits and single hyphens.`);
}

export const stateHelp = 'where the embedded KMS keeps its keys; "memory" keeps none (also: KMS_LAB_STATE)';

/** Add the options that say where requests go and as whom. */
export function withTarget(command: Command): Command {
  return command
    .optionsGroup('Where:')
    .option('--local', 'work on the embedded KMS: no AWS account, no network, nothing to pay')
    .option('--region <region>', 'AWS Region (default: AWS_REGION, AWS_DEFAULT_REGION, the profile, us-east-1)')
    .option('--profile <name>', 'profile of the AWS CLI to take credentials from')
    .option('--endpoint-url <url>', 'any server that speaks the KMS API, for KMS, STS and CloudTrail')
    .option('--state <dir>', stateHelp)
    .option('--expect-account <id>', 'refuse to work in any other AWS account (also: KMS_LAB_ACCOUNT)');
}

/** Add the namespace, which keeps people apart who share an account. */
export function withNamespace(command: Command): Command {
  return command.addOption(
    new Option('--namespace <name>', 'names and tags of your own, so that a class can share an account')
      .env('KMS_LAB_NAMESPACE')
      .default('default')
      .argParser(namespace),
  );
}

/** Add the options of what is shown. */
export function withOutput(command: Command): Command {
  return command
    .optionsGroup('Output:')
    .option('--json', 'one JSON object per line on stdout, and nothing else')
    .option('--quiet', 'failures and the summary only')
    .option('--no-color', 'no colour (also: NO_COLOR)')
    .option('--debug', 'with an error, print its stack trace');
}

/** Add the reports that go to files, several at once if wanted. */
export function withReports(command: Command): Command {
  return command
    .optionsGroup('Reports:')
    .option('--junit <file>', 'a JUnit file for CI: a suite per lab, a case per step')
    .option('--markdown <file>', 'a lab report to hand in: steps, claims, commands, cost')
    .option('--html <file>', 'the same as one page, with pictures of the keys and the timings');
}
