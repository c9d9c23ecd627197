import type { KMS, ListKeysCommandOutput } from '@aws-sdk/client-kms';
import { classify } from '../errors.js';
import { type Owned, ownershipOf, sameOwner } from '../kms/tags.js';
import type { Filter, FoundKey, Sweep, Swept, SweptNot } from './found.js';
import { fits } from './found.js';
import { inParallel } from './in-parallel.js';
import { aliasesOf, describedBy, rotationsOf, tagsOf } from './read.js';
import { type Time, wallTime } from './time.js';

export interface Search {
  /** The SDK client of a Region. */
  kms(region: string): KMS;
  regions: readonly string[];
  filter?: Filter;
  time?: Time;
  /** Whether it is also to be found out how often a key in this state was rotated, on which its price depends. */
  rotations?(state: string): boolean;
  /** Told now and then. */
  onProgress?(progress: FindProgress): void;
}

/** How far a search has come; `listed` grows while Regions are asked how many keys they have. */
export interface FindProgress {
  looked: number;
  listed: number;
  regions: number;
  of: number;
}

/** Regions asked together: most hold nothing of ours, and an answer from the other side of the world takes 300 ms. */
const regionsAtOnce = 8;
/** Keys looked at together in a Region: 1,000 a second need 50 in flight when an answer takes 50 ms. */
const keysAtOnce = 50;
/** Keys that can't be read are told one by one up to here, and counted. */
const toldOneByOne = 20;

/**
 * Find the keys that kms-lab made, by their tags and nothing else, all pages of each Region. What the caller may not read is
 * reported and does not stop the search; a key that vanished meanwhile is left out. Besides our keys only counts are kept,
 * however many keys the account has.
 * @throws when no Region at all could be searched, or credentials end on the way
 */
export async function find(search: Search): Promise<Sweep> {
  const sweep: Sweep = {
    keys: [],
    unreadable: [],
    unswept: [],
    swept: [],
    counts: { keys: 0, ofOthers: 0, filtered: 0, foreign: 0, unreadable: 0 },
    owners: new Set(),
  };
  const progress: FindProgress = { looked: 0, listed: 0, regions: 0, of: search.regions.length };
  const tell = () => search.onProgress?.(progress);
  await inParallel(search.regions, regionsAtOnce, async (region) => {
    try {
      await inRegion(region, search, sweep, progress, tell);
      sweep.swept.push(region);
    } catch (error) {
      sweep.unswept.push(whyNot(region, error));
    }
    progress.regions++;
    tell();
  });
  const [first] = sweep.unswept;
  if (sweep.swept.length === 0 && first) throw first.error;
  return inOrder(sweep, search.regions);
}

async function inRegion(
  region: string,
  search: Search,
  sweep: Sweep,
  progress: FindProgress,
  tell: () => void,
): Promise<void> {
  const client = search.kms(region);
  const now = (search.time ?? wallTime).now();
  await inParallel(keyIds(client, progress), keysAtOnce, async (keyId) => {
    const found = await look(client, region, keyId, search, now);
    if (found !== 'gone') add(sweep, found);
    progress.looked++;
    if (progress.looked % 50 === 0) tell();
  });
}

function add(sweep: Sweep, found: Exclude<Looked, 'gone'>): void {
  sweep.counts.keys++;
  if (found === 'foreign') sweep.counts.foreign++;
  else if (found === 'filtered') sweep.counts.filtered++;
  else if (found.type === 'key') sweep.keys.push(found);
  else if (found.type === 'of another') {
    sweep.counts.ofOthers++;
    sweep.owners.add(found.owner);
  } else {
    sweep.counts.unreadable++;
    if (found.ownership || sweep.unreadable.length < toldOneByOne) sweep.unreadable.push(found);
  }
}

/** The ids of all keys, page by page. Of a long listing the rest is counted first, so that an estimate is possible. */
async function* keyIds(client: KMS, progress: FindProgress): AsyncGenerator<string> {
  let Marker: string | undefined;
  let counted = false;
  do {
    const page = await client.listKeys({ Limit: 1000, ...(Marker && { Marker }) });
    const ids = (page.Keys ?? []).flatMap(({ KeyId }) => KeyId ?? []);
    Marker = page.Truncated ? page.NextMarker : undefined;
    if (!counted) progress.listed += ids.length + (Marker ? await countFrom(client, Marker) : 0);
    counted = true;
    yield* ids;
  } while (Marker);
}

async function countFrom(client: KMS, marker: string): Promise<number> {
  let keys = 0;
  for (let Marker: string | undefined = marker; Marker; ) {
    const page: ListKeysCommandOutput = await client.listKeys({ Limit: 1000, Marker });
    keys += page.Keys?.length ?? 0;
    Marker = page.Truncated ? page.NextMarker : undefined;
  }
  return keys;
}

type Looked = Swept | { type: 'of another'; owner: string } | 'filtered' | 'foreign' | 'gone';

async function look(client: KMS, region: string, keyId: string, search: Search, now: number): Promise<Looked> {
  const { filter = {} } = search;
  let ownership: Owned | undefined;
  try {
    ownership = ownershipOf(await tagsOf(client, keyId));
    if (!ownership) return 'foreign';
    if (!fits(ownership, filter, now)) return 'filtered';
    if (filter.owner !== undefined && !sameOwner(ownership, filter.owner))
      return { type: 'of another', owner: ownership.owner };
    const [described, aliases] = await Promise.all([describedBy(client, keyId), aliasesOf(client, keyId)]);
    const rotations = search.rotations?.(described.state) ? await rotationsOf(client, keyId) : undefined;
    return { type: 'key', region, keyId, ownership, aliases, ...described, ...(rotations && { rotations }) };
  } catch (error) {
    if (error instanceof Error && error.name === 'NotFoundException') return 'gone';
    const { kind, message } = classify(error);
    if (kind === 'denied')
      return { type: 'unreadable', region, keyId, reason: message, ...(ownership && { ownership }) };
    throw error;
  }
}

/** Errors with which a Region answers an account that has not enabled it, or by which it has no name here. */
const notEnabled = /^(OptInRequired|UnrecognizedClientException|InvalidClientTokenId|AuthFailure)$/;

function whyNot(region: string, error: unknown): SweptNot {
  const { kind, message } = classify(error);
  const { name = '', code = '' } = (error ?? {}) as { name?: string; code?: string };
  const reason = message.split('\n')[0] ?? '';
  if (notEnabled.test(name) || code === 'ENOTFOUND') return { region, why: 'not enabled', reason, error };
  if (kind === 'denied' || kind === 'unreachable') return { region, why: kind, reason, error };
  throw error;
}

/** Parallel work ends in any order; what is told does not. */
function inOrder(sweep: Sweep, regions: readonly string[]): Sweep {
  const rank = ({ region }: { region: string }) => regions.indexOf(region);
  const created = (key: FoundKey) => key.created?.getTime() ?? 0;
  sweep.keys.sort((a, b) => rank(a) - rank(b) || created(a) - created(b) || (a.keyId < b.keyId ? -1 : 1));
  sweep.unreadable.sort((a, b) => rank(a) - rank(b));
  sweep.unswept.sort((a, b) => rank(a) - rank(b));
  sweep.swept.sort((a, b) => regions.indexOf(a) - regions.indexOf(b));
  return sweep;
}
