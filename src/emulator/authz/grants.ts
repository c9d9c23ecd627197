import type { GrantOperation } from '@aws-sdk/client-kms';
import { nameOf, rootArn } from '../principal.js';
import { readGrantToken } from '../world/grant-tokens.js';
import { type GrantRecord, grantOf, grantsOn } from '../world/grants.js';
import type { Key } from '../world/records.js';
import type { World } from '../world/world.js';
import type { Access } from './authorise.js';
import type { Caller } from './caller.js';
import { allowsChild, meets } from './grant-constraints.js';
import { principalOf } from './principal.js';

/**
 * The grants behind a request's grant tokens, late changes included: a token works at once. The token of a grant that is gone
 * is worth nothing, and no error.
 * @throws Fault InvalidGrantTokenException
 */
export function grantsBehind({ prompt, place }: World, tokens: unknown): GrantRecord[] {
  if (!Array.isArray(tokens)) return [];
  return tokens.flatMap((token) => {
    const { account, region, keyId, id } = readGrantToken(prompt, token, place.region);
    return grantOf(prompt, { account, region, id: keyId }, id) ?? [];
  });
}

/** A caller as principals are compared: itself and, for a session, the role behind it. */
function namesOf(caller: Caller): string[] {
  const { self, role } = principalOf(caller);
  return role === undefined ? [self] : [self, role];
}

/** Who the caller is to a grantee or retiring principal: that principal, one of the account that it is, or neither. */
export function standing({ caller, region }: Access, principal: string | undefined): 'self' | 'account' | undefined {
  if (principal === undefined) return undefined;
  if (namesOf(caller).includes(nameOf(principal))) return 'self';
  return principal === rootArn({ account: caller.account, region }) ? 'account' : undefined;
}

/** By token, to the caller, to the caller's account. */
function* candidates(access: Access, key: Key, { store }: World): Iterable<GrantRecord> {
  for (const grant of access.granted ?? []) {
    if (grant.keyId === key.id && grant.account === key.account) yield grant;
  }
  const account = rootArn({ account: access.caller.account, region: access.region });
  for (const grantee of [...namesOf(access.caller), account]) yield* grantsOn(store, key, { grantee });
}

function permits({ terms }: GrantRecord, { request }: Access, operation: GrantOperation): boolean {
  if (!terms.Operations.includes(operation) || !meets(terms, operation, request)) return false;
  return operation !== 'CreateGrant' || allowsChild(terms, request);
}

/**
 * The grant that allows what policies did not; explicit denies are the caller's to look for first. A grant to an account hands
 * the question to that account, as a key policy does: `iamAllows` tells whether its identity policies agree.
 */
export function grantFor(access: Access, iamAllows: () => boolean): GrantRecord | undefined {
  const { key, world, action } = access;
  if (!key || !world) return undefined;
  const operation = action.slice('kms:'.length) as GrantOperation;
  for (const grant of candidates(access, key, world)) {
    const who = standing(access, grant.terms.GranteePrincipal);
    if (who === undefined || !permits(grant, access, operation)) continue;
    if (who === 'self' || iamAllows()) return grant;
  }
  return undefined;
}
