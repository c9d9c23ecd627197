import type { Names } from './names.js';
import { quote } from './shell.js';

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
 * One member as an option of the AWS CLI, quoted for bash; undefined when no option can say it and it must go into
 * `--cli-input-json`.
 */
export function argument(member: string, value: unknown, names: Names): string | undefined {
  const option = `--${kebab(member)}`;
  if (typeof value === 'boolean') return value ? option : `--no-${option.slice(2)}`;
  if (typeof value === 'string') return scalar(option, member, value, names);
  if (typeof value === 'number' || value instanceof Date) return `${option} ${quote(textOf(value))}`;
  const words = Array.isArray(value) ? listWords(value) : mapWords(value as object);
  return `${option} ${(words ?? [JSON.stringify(value)]).map((word) => names.quote(word)).join(' ')}`;
}

function scalar(option: string, member: string, value: string, names: Names): string | undefined {
  const variable = names.variableOf(value);
  if (variable) return `${option} "$${variable}"`;
  if (fetched.test(value)) return undefined;
  const text = member.endsWith('Policy') ? compact(value) : value;
  return text.startsWith('-') ? `${option}=${names.quote(text)}` : `${option} ${names.quote(text)}`;
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

function mapWords(map: object): string[] | undefined {
  const pairs = Object.entries(map).filter(([, value]) => value !== undefined);
  const sayable = ([key, value]: [string, unknown]) =>
    plainKey.test(key) && typeof value === 'string' && plain.test(value);
  if (pairs.length === 0 || !pairs.every(sayable)) return undefined;
  return [pairs.map(([key, value]) => `${key}=${value}`).join(',')];
}
