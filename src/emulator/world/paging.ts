import { outOfRange } from '../constraint.js';
import { Fault } from '../fault.js';
import type { Page } from './world.js';

interface PageRequest {
  Limit?: number;
  Marker?: string;
}

interface PageReply {
  Truncated: boolean;
  NextMarker?: string;
}

/** A page of the names under `prefix`, as a range of a store. */
export const rangeOf = (prefix: string, { after, limit }: Page) => ({
  ...(after === undefined ? {} : { after: prefix + after }),
  ...(limit === undefined ? {} : { limit }),
});

/** A marker is opaque: the listing it belongs to and the last name already given. */
const markerOf = (listing: string, name: string) => Buffer.from(`${listing}\n${name}`).toString('base64url');

function nameIn(listing: string, marker: string): string {
  const [head, ...rest] = Buffer.from(marker, 'base64url').toString('utf8').split('\n');
  const name = rest.join('\n');
  if (head !== listing || name === '' || markerOf(listing, name) !== marker) {
    throw new Fault('InvalidMarkerException', 'Could not deserialize marker.');
  }
  return name;
}

/**
 * One page of a listing. `listing` names it and what it was asked for, so that a marker of another one is refused;
 * `items` gives those behind a name, in order.
 */
export function pageOf<Item>(
  request: PageRequest,
  listing: string,
  sizes: { max: number; usual: number },
  items: (page: Page) => Iterable<Item>,
  nameOf: (item: Item) => string,
): { items: Item[]; reply: PageReply } {
  const limit = request.Limit ?? sizes.usual;
  if (limit > sizes.max) throw outOfRange('limit', limit, `less than or equal to ${sizes.max}`);
  const after = request.Marker === undefined ? undefined : nameIn(listing, request.Marker);
  const found = [...items({ after, limit: limit + 1 })];
  const page = found.slice(0, limit);
  const last = page.at(-1);
  if (found.length <= limit || last === undefined) return { items: page, reply: { Truncated: false } };
  return { items: page, reply: { Truncated: true, NextMarker: markerOf(listing, nameOf(last)) } };
}
