import type { Names } from './names.js';

/** A member's name as the AWS CLI spells it, by botocore's rule (`xform_name`): "KeyId" → "key-id". */
export function kebab(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, '$1-$2')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}

/** Values that the shorthand syntax takes as they are. */
const plain = /^[\w.:/@+-]([\w.:/@+ -]*[\w.:/@+-])?$/;
/** Keys that the shorthand syntax takes. */
const plainKey = /^[\w.#/:-]+$/;
/** CLI v1 reads a value that begins so from a file or the network. */
const fetched = /^(file|fileb|https?):\/\//;

/**
 * One member as an option of the AWS CLI: the words that the AWS CLI gets, whatever shell quotes them; undefined when no option
 * can say it and it must go into `--cli-input-json`.
 */
export function optionWords(member: string, value: unknown): string[] | undefined {
  const option = `--${kebab(member)}`;
  if (typeof value === 'boolean') return [value ? option : `--no-${option.slice(2)}`];
  if (typeof value === 'number' || value instanceof Date) return [option, textOf(value)];
  if (typeof value === 'string') {
    if (fetched.test(value)) return undefined;
    const text = member.endsWith('Policy') ? compact(value) : value;
    return text.startsWith('-') ? [`${option}=${text}`] : [option, text];
  }
  const words = Array.isArray(value) ? listWords(value) : mapWords(value as object);
  return [option, ...(words ?? [JSON.stringify(value)])];
}

/** The same, quoted for bash, with variables in place of the ids that they stand for. */
export function argument(member: string, value: unknown, names: Names): string | undefined {
  return optionWords(member, value)
    ?.map((word) => names.word(word))
    .join(' ');
}

/** A policy document on one line, when it is one. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text));
  } catch {
    return text;
  }
}

const textOf = (value: number | Date) => (value instanceof Date ? value.toISOString() : String(value));

function listWords(list: readonly unknown[]): string[] | undefined {
  if (list.length === 0) return undefined;
  const words = list.map((item) => {
    if (typeof item === 'string') return plain.test(item) && !item.startsWith('-') && !fetched.test(item) ? item : '';
    return (typeof item === 'object' && item !== null && !Array.isArray(item) && mapWords(item)?.[0]) || '';
  });
  return words.every(Boolean) ? words : undefined;
}

/** "a=b,c=d"; a map within a map in braces. */
function mapWords(map: object): string[] | undefined {
  const pairs = Object.entries(map).filter(([, value]) => value !== undefined);
  const words = pairs.map(([key, value]) => {
    const word = plainKey.test(key) ? mapValue(value) : undefined;
    return word && `${key}=${word}`;
  });
  return words.length > 0 && words.every(Boolean) ? [words.join(',')] : undefined;
}

function mapValue(value: unknown): string | undefined {
  if (typeof value === 'string') return plain.test(value) ? value : undefined;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const within = mapWords(value)?.[0];
  return within && `{${within}}`;
}
