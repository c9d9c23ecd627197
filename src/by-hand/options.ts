import type { Tag } from '@aws-sdk/client-kms';
import { kebab, optionWords } from '../kms/cli-argument.js';
import type { ObservedCall } from '../kms/record.js';
import { tagKeys } from '../kms/tags.js';
import type { HandFiles } from './hand-files.js';
import type { Option, TextFile, Word } from './statement.js';
import type { Values } from './values.js';

export interface Asked {
  options: Option[];
  /** Files that the options name and nobody has made yet. */
  needed: TextFile[];
  /** Why it can't be said by hand, when it can't. */
  obstacle?: string;
}

/** A call's input as options of the AWS CLI. A Region other than the run's own is named. */
export function optionsOf(
  { operation, input, region }: ObservedCall,
  home: string,
  values: Values,
  files: HandFiles,
): Asked {
  const asked: Asked = { options: [], needed: [] };
  const option = (...words: Word[]) => void asked.options.push(words);
  for (const [member, value] of Object.entries(input)) {
    const bytes = bytesOf(member, value);
    if (value === undefined || value === null || isTime(operation, member)) continue;
    if (member === 'Tags' && (operation === 'CreateKey' || operation === 'ReplicateKey')) {
      asked.options.push(ownTags(value as Tag[]));
    } else if (bytes) {
      const name = files.holding(bytes);
      if (name === undefined) return { ...asked, obstacle: `its ${member} (${bytes.length} bytes) is in no file` };
      asked.needed.push(...files.need(name));
      option([`--${kebab(member)}`], [`${value instanceof Uint8Array ? 'fileb' : 'file'}://${name}`]);
    } else if (isListOfVariables(value, values)) {
      option([`--${kebab(member)}`], ...value.map((text) => values.word(text)));
    } else {
      const words = optionWords(member, value);
      if (words === undefined) return { ...asked, obstacle: `the AWS CLI would fetch its ${member}` };
      option(...words.map((word) => values.word(word)));
    }
  }
  if (operation === 'LookupEvents') option(['--max-items'], ['1']);
  if (region !== home) option(['--region'], values.word(region));
  return asked;
}

/** Tokens, say: what they look like, and so how a shell would have to quote them, differs from run to run. */
const isListOfVariables = (value: unknown, values: Values): value is string[] =>
  Array.isArray(value) && value.length > 0 && value.every((text) => typeof text === 'string' && values.knows(text));

/** What goes into a file: bytes, and the text of a policy. */
function bytesOf(member: string, value: unknown): Uint8Array | undefined {
  if (value instanceof Uint8Array) return value;
  return member === 'Policy' && typeof value === 'string' ? Buffer.from(value) : undefined;
}

/** When the run looked is of no use to anybody else; the newest event comes first anyway. */
const isTime = (operation: string, member: string) => operation === 'LookupEvents' && member.endsWith('Time');

/** The client puts the six tags of ownership on every key, and no other. */
function ownTags(tags: readonly Tag[]): Option {
  const value = (key: string) => tags.find(({ TagKey }) => TagKey === key)?.TagValue ?? '';
  return { lab: value(tagKeys.lab), alias: value(tagKeys.alias) };
}
