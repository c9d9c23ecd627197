import type { Access } from './access.js';
import { conditionValues } from './condition-keys.js';

/** A piece of a policy's text once its variables are known: wildcards count in what the author wrote, not in what a variable brought. */
export interface Piece {
  text: string;
  literal: boolean;
}

type Part = Piece | { variable: string; otherwise?: string };

/** A text of a policy, ready to be matched again and again. */
export interface Template {
  /** As it is written. */
  readonly source: string;
  /** Absent where the text has a variable that is known only with the request. */
  readonly pieces?: readonly Piece[];
  readonly parts: readonly Part[];
}

const variable = /\$\{([^}]*)\}/g;

function partOf(inside: string): Part {
  if (inside === '*' || inside === '?' || inside === '$') return { text: inside, literal: true };
  const [, name = inside, otherwise] = /^([^,]*?)\s*,\s*'(.*)'$/s.exec(inside) ?? [];
  return { variable: name.trim(), ...(otherwise === undefined ? {} : { otherwise }) };
}

/**
 * Read `${aws:username}`, `${aws:PrincipalTag/team, 'none'}` and `${*}` in a policy's text. Before Version 2012-10-17 there
 * were no variables, and such text is just text.
 */
export function template(source: string, variables: boolean): Template {
  const parts: Part[] = [];
  let end = 0;
  if (variables) {
    for (const match of source.matchAll(variable)) {
      if (match.index > end) parts.push({ text: source.slice(end, match.index), literal: false });
      parts.push(partOf(match[1] as string));
      end = match.index + match[0].length;
    }
  }
  if (end < source.length || parts.length === 0) parts.push({ text: source.slice(end), literal: false });
  const known = parts.every((part) => 'text' in part);
  return { source, parts, ...(known ? { pieces: parts as Piece[] } : {}) };
}

/** The text for one request; undefined when a variable has no value in it, or more than one: then nothing matches. */
export function expand({ pieces, parts }: Template, access: Access): readonly Piece[] | undefined {
  if (pieces) return pieces;
  const known: Piece[] = [];
  for (const part of parts) {
    if ('text' in part) {
      known.push(part);
      continue;
    }
    const values = conditionValues(access, part.variable);
    const text = values.length === 0 ? part.otherwise : values[0];
    if (text === undefined || values.length > 1) return undefined;
    known.push({ text, literal: true });
  }
  return known;
}

export const textOf = (pieces: readonly Piece[]): string =>
  pieces.length === 1 ? (pieces[0] as Piece).text : pieces.map(({ text }) => text).join('');
