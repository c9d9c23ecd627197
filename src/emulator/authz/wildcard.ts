import { type Piece, textOf } from './template.js';

const any = -1;
const one = -2;

/** Code units, with `*` and `?` where they are wildcards. */
function unitsOf(pieces: readonly Piece[]): number[] {
  const units: number[] = [];
  for (const { text, literal } of pieces) {
    for (let at = 0; at < text.length; at++) {
      const character = text[at];
      units.push(!literal && character === '*' ? any : !literal && character === '?' ? one : text.charCodeAt(at));
    }
  }
  return units;
}

/** Goes back to the last `*` only, so that no pattern takes more than pattern x text steps, as a regular expression could. */
function fits(pattern: readonly number[], text: string): boolean {
  let [at, here, star, resume] = [0, 0, -1, 0];
  while (here < text.length) {
    const unit = pattern[at];
    if (unit === any) {
      star = at++;
      resume = here;
    } else if (unit === one || unit === text.charCodeAt(here)) {
      at++;
      here++;
    } else if (star >= 0) {
      at = star + 1;
      here = ++resume;
    } else return false;
  }
  while (pattern[at] === any) at++;
  return at === pattern.length;
}

export type Matcher = (text: string) => boolean;

/** `*` is any run of characters, `?` any one. */
export function wildcard(pieces: readonly Piece[]): Matcher {
  const units = unitsOf(pieces);
  if (!units.some((unit) => unit < 0)) {
    const wanted = textOf(pieces);
    return (text) => text === wanted;
  }
  if (units.length === 1 && units[0] === any) return () => true;
  return (text) => fits(units, text);
}

/** Cut at the first five colons. */
function segments(pieces: readonly Piece[]): Piece[][] {
  const found: Piece[][] = [[]];
  for (const { text, literal } of pieces) {
    text.split(':').forEach((part, index) => {
      const last = found.at(-1) as Piece[];
      if (index === 0) last.push({ text: part, literal });
      else if (found.length < 6) found.push([{ text: part, literal }]);
      else last.push({ text: `:${part}`, literal });
    });
  }
  return found;
}

/** Each of an ARN's six parts is matched for itself: a wildcard does not reach over a colon before the last. */
export function arnWildcard(pieces: readonly Piece[]): Matcher {
  const wanted = segments(pieces).map(wildcard);
  return (text) => {
    const given = segments([{ text, literal: true }]);
    return given.length === wanted.length && given.every((part, index) => wanted[index]?.(textOf(part)));
  };
}
