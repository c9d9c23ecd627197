import type { WireRequest } from './message.js';

/** The parameters of a query-protocol request (STS): the form body of a POST, the query string of a GET. */
export function parseQuery(request: WireRequest): URLSearchParams {
  if (request.method === 'POST') return new URLSearchParams(Buffer.from(request.body).toString('utf8'));
  const at = request.path.indexOf('?');
  return new URLSearchParams(at < 0 ? '' : request.path.slice(at + 1));
}

type Nested = string | { [name: string]: Nested };

function nest(into: { [name: string]: Nested }, path: string[], value: string): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) {
    into[name] = value;
    return;
  }
  const inner = into[name];
  const next: { [name: string]: Nested } = typeof inner === 'object' ? inner : Object.create(null);
  into[name] = next;
  nest(next, rest, value);
}

/** `member.1`, `member.2` become an array, in their numbers' order. */
function collapse(value: Nested): unknown {
  if (typeof value === 'string') return value;
  const { member } = value;
  if (typeof member === 'object') {
    const numbers = Object.keys(member).sort((a, b) => Number(a) - Number(b));
    return numbers.map((number) => collapse(member[number] as Nested));
  }
  return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, collapse(entry)]));
}

/**
 * The input of a query-protocol request as an object: `Tags.member.1.Key=a` becomes `{ Tags: [{ Key: 'a' }] }`.
 * Every leaf is a string: the query protocol has no types, the operation knows them.
 */
export function parseForm(request: WireRequest): Record<string, unknown> {
  const tree: { [name: string]: Nested } = Object.create(null);
  for (const [name, value] of parseQuery(request)) {
    const path = name.split('.');
    // Nothing STS takes is nested deeper; a longer name is noise.
    if (name !== 'Action' && name !== 'Version' && path.length <= 8) nest(tree, path, value);
  }
  return collapse(tree) as Record<string, unknown>;
}
