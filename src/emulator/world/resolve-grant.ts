import { keyArn } from '../arn.js';
import { Fault } from '../fault.js';
import { readGrantToken } from './grant-tokens.js';
import { type GrantName, type GrantRecord, grantOf } from './grants.js';
import type { Key } from './records.js';
import type { World } from './world.js';

/** How requests name a grant: by its id, or by one of its tokens. */
interface NamesGrant {
  GrantId?: string | undefined;
  GrantToken?: string | undefined;
}

const form = /^[0-9a-f]{64}$/;

/** @throws Fault InvalidGrantIdException */
export function checkGrantId(id: string): void {
  if (!form.test(id)) throw new Fault('InvalidGrantIdException', `Invalid grant id '${id}'`);
}

/**
 * The key of the grant that a token names, late changes included.
 * @throws Fault InvalidGrantTokenException, NotFoundException
 */
export function keyOfToken({ GrantToken }: NamesGrant, world: World): Key | undefined {
  if (GrantToken === undefined) return undefined;
  const named = readGrantToken(world.prompt, GrantToken, world.place.region);
  const key = world.at(named).key(named.keyId);
  if (!key) throw grantNotFound(named);
  return key;
}

/**
 * The grant on a key that a request names.
 * @throws Fault InvalidGrantIdException, InvalidGrantTokenException, NotFoundException
 */
export function resolveGrant(world: World, key: Key, { GrantId = '', GrantToken }: NamesGrant): GrantRecord {
  const { account, region, id: keyId } = key;
  if (GrantToken !== undefined) {
    const named = readGrantToken(world.prompt, GrantToken, region);
    const grant = grantOf(world.prompt, key, named.id);
    if (!grant) throw grantNotFound(named);
    return grant;
  }
  checkGrantId(GrantId);
  const grant = grantOf(world.store, key, GrantId);
  if (!grant) throw grantNotFound({ account, region, keyId, id: GrantId });
  return grant;
}

const grantNotFound = (named: GrantName) =>
  new Fault('NotFoundException', `Grant '${named.id}' on key '${keyArn(named, named.keyId)}' does not exist`);
