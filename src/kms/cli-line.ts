import type { Tag } from '@aws-sdk/client-kms';
import { argument, kebab } from './cli-argument.js';
import type { CallRecord, Connection } from './connection.js';
import type { FileRegistry } from './files.js';
import type { Names } from './names.js';
import { sensitiveMembers } from './redact.js';
import { quote, variableName } from './shell.js';
import { tagKeys } from './tags.js';

export interface CliLineOptions {
  region: string;
  cli: Connection['cli'];
  files: FileRegistry;
  /** Shell variables of this run; a call that makes something adds one. */
  names: Names;
  /** "ok", or the name of the exception. Without one, and without an answer, the call is yet to be made. */
  outcome?: string;
  /** When the call ended, in the order of the file registry; tells a file it read from a file it was saved to. */
  mark?: number;
  /** The role that makes the call: the prefix of the variables that hold its credentials. */
  role?: string;
}

/**
 * A call as one bash line for the AWS CLI, v1 and v2. It reaches the run's own target, carries no sensitive value, and works
 * when the lines of a run are pasted in order. A call that can't be said so is a comment that says why.
 */
export function cliLine(
  service: CallRecord['service'],
  operation: string,
  input: object,
  output: object | undefined,
  options: CliLineOptions,
): string {
  const spelt = spell(service, operation, input, options);
  if ('obstacle' in spelt) return `# aws ${service} ${kebab(operation)}: ${spelt.obstacle}`;
  const to = target(options);
  const command = (query?: string) =>
    [
      ...(options.role ? [sessionOf(options.role)] : []),
      `aws ${service} ${kebab(operation)}`,
      ...spelt.words,
      ...(query ? [`--query ${query} --output text`] : []),
      ...to,
    ].join(' ');
  if (!output) return options.outcome ? `${command()}  # ${ending(options.outcome)}` : command();
  return defining(operation, input, output, options.names, command) ?? saving(output, options, command);
}

type Command = (query?: string) => string;

/** Nothing that AWS says ends so: these names are Node.js's and the SDK's. */
const ending = (outcome: string) =>
  /^(E[A-Z_]+|(Timeout|Abort|Syntax|Lab)?Error)$/.test(outcome) ? `no answer: ${outcome}` : `refused: ${outcome}`;

function spell(service: string, operation: string, input: object, options: CliLineOptions) {
  const sensitive = new Set(sensitiveMembers(service, operation));
  const words: string[] = [];
  const unsayable: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(input)) {
    // A grant works without its token a little later; the token itself is as good as the permission.
    if (value === undefined || value === null || member === 'GrantTokens') continue;
    const kept = member.endsWith('Policy') && typeof value === 'string' ? Buffer.from(value) : undefined;
    const document = kept && options.files.pathOf(kept, options.mark);
    if (document !== undefined && !document.includes('$'))
      words.push(`--${kebab(member)} ${quote(`file://${local(document)}`)}`);
    else if (value instanceof Uint8Array) {
      const path = options.files.pathOf(value, options.mark);
      if (path === undefined) return { obstacle: `its ${member} (${value.length} bytes) is in no file` };
      // The AWS CLI expands variables in paths, and nothing keeps it from doing so.
      if (path.includes('$')) return { obstacle: `the AWS CLI can't read a path with "$", which its ${member} has` };
      words.push(`--${kebab(member)} ${quote(`fileb://${local(path)}`)}`);
    } else if (sensitive.has(member)) return { obstacle: `its ${member} is secret` };
    else if (holdsBytes(value)) return { obstacle: `its ${member} holds bytes that an option can't carry` };
    else {
      const word = argument(member, value, options.names);
      if (word) words.push(word);
      else unsayable[member] = value;
    }
  }
  if (Object.keys(unsayable).length > 0)
    words.push(`--cli-input-json ${options.names.quote(JSON.stringify(unsayable))}`);
  return { words };
}

/** The AWS CLI takes a leading ~ for a home directory. */
const local = (path: string) => (path.startsWith('~') ? `./${path}` : path);

function holdsBytes(value: unknown): boolean {
  if (value instanceof Uint8Array) return true;
  return typeof value === 'object' && value !== null && Object.values(value).some(holdsBytes);
}

function target({ region, cli, role }: CliLineOptions): string[] {
  const words = [`--region ${quote(region)}`];
  if (cli.endpointUrl) words.push(`--endpoint-url ${quote(cli.endpointUrl)}`);
  // A profile that is named on the line would win over the role's credentials.
  if (cli.profile && !role) words.push(`--profile ${quote(cli.profile)}`);
  return words;
}

/** The credentials of a role for one command, out of the variables that the line of AssumeRole has filled. */
const sessionOf = (role: string) =>
  `AWS_ACCESS_KEY_ID="$${role}_ID" AWS_SECRET_ACCESS_KEY="$${role}_SECRET" AWS_SESSION_TOKEN="$${role}_TOKEN"`;

/** `arn:aws:iam::111122223333:role/kms-lab-app` → "KMS_LAB_APP_ROLE". */
export const roleVariable = (arn: string): string => variableName(arn.slice(arn.lastIndexOf('/') + 1), 'ROLE');

/** A line that keeps the id of what it made in a variable. */
function defining(operation: string, input: object, output: object, names: Names, command: Command) {
  const made = output as { KeyMetadata?: { KeyId?: string }; GrantId?: string };
  if (operation === 'CreateKey' && made.KeyMetadata?.KeyId) {
    const variable = names.define(made.KeyMetadata.KeyId, keyWords((input as { Tags?: Tag[] }).Tags), 'KEY');
    return `${variable}=$(${command('KeyMetadata.KeyId')})`;
  }
  if (operation === 'CreateGrant' && made.GrantId) {
    const variable = names.define(made.GrantId, (input as { Name?: string }).Name ?? '', 'GRANT');
    return `${variable}=$(${command('GrantId')})`;
  }
  if (operation === 'AssumeRole') {
    const role = roleVariable((input as { RoleArn?: string }).RoleArn ?? '');
    const members = command("'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]'");
    return `read -r ${role}_ID ${role}_SECRET ${role}_TOKEN < <(${members})`;
  }
  return undefined;
}

/** What a key is for, without the prefix that every alias of the namespace has. */
export function keyWords(tags: readonly Tag[] = []): string {
  const tag = (key: string) => tags.find(({ TagKey }) => TagKey === key)?.TagValue ?? '';
  const alias = tag(tagKeys.alias).replace(/^alias\/(kms-lab-)?/, '');
  const prefix = `${tag(tagKeys.namespace)}-`;
  return alias.startsWith(prefix) ? alias.slice(prefix.length) : alias;
}

/** A line that writes the files which the run wrote. */
function saving(output: object, { files, mark }: CliLineOptions, command: Command): string {
  const saved = Object.entries(output).flatMap(([member, value]) => {
    const path = value instanceof Uint8Array ? files.savedAs(value, mark ?? 0) : undefined;
    return path === undefined ? [] : [{ member, path }];
  });
  const [first] = saved;
  if (!first) return command();
  if (saved.length === 1) return `${command(first.member)} | base64 --decode > ${quote(first.path)}`;
  const members = saved.map(({ member }) => member);
  const writes = saved.map(({ member, path }) => `base64 --decode <<< "$${member}" > ${quote(path)};`);
  return `${command(`'[${members.join(',')}]'`)} | { read -r ${members.join(' ')}; ${writes.join(' ')} }`;
}
