import { aliasArn, keyArn, type Place, parseArn, partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import type { KeyForms } from '../operation.js';
import type { Key } from './records.js';
import type { World } from './world.js';

const uuid = /^(?:mrk-[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;
const resource = /^(?:key\/.+|alias\/.+)$/;

/** AWS's own words, as users of GetKeyPolicy and CreateGrant report them. */
const noAliases = () => new Fault('InvalidArnException', 'Key Aliases are not supported for this operation.');
const notFound = (message: string) => new Fault('NotFoundException', message);

/** What a key id leads to; `alias` is the alias's name when it was called by one. */
export interface Found {
  key: Key;
  alias?: string;
}

/**
 * Find the key that `id` names: its id, its ARN, an alias's name or ARN. `forms: 'key'` takes the first two alone.
 * An ARN of another account is looked up there: cross-account use.
 */
export function resolveKey(world: World, id: string, forms: KeyForms): Found {
  if (!id.startsWith('arn:')) {
    if (id.startsWith('alias/') && forms === 'key') throw noAliases();
    if (id.startsWith('alias/')) return byAlias(world, id);
    if (!uuid.test(id)) throw notFound(`Invalid keyId '${id}'`);
    return byId(world, id);
  }
  const arn = parseArn(id);
  if (arn?.service !== 'kms' || !resource.test(arn.resource) || arn.partition !== partitionOf(arn.region)) {
    throw new Fault('InvalidArnException', `Invalid arn ${id}`);
  }
  if (arn.region !== world.place.region) throw notFound(`Invalid arn ${arn.region}`);
  const there = world.at({ account: arn.account, region: arn.region });
  if (arn.resource.startsWith('key/')) return byId(there, arn.resource.slice('key/'.length));
  if (forms === 'key') throw noAliases();
  return byAlias(there, arn.resource);
}

function byId(world: World, id: string): Found {
  const key = world.key(id);
  if (!key) throw notFound(`Key '${keyArn(world.place, id)}' does not exist`);
  return { key };
}

function byAlias(world: World, name: string): Found {
  const alias = world.alias(name);
  const key = alias && world.key(alias.keyId);
  if (!key) throw aliasNotFound(world.place, name);
  return { key, alias: name };
}

export function aliasNotFound(place: Place, name: string): Fault {
  return notFound(`Alias ${aliasArn(place, name)} is not found.`);
}
