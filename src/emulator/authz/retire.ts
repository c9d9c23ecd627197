import { resolveGrant } from '../world/resolve-grant.js';
import { type Access, byIdentity, type Decision } from './authorise.js';
import { standing } from './grants.js';

/** The accounts whose identity policies may allow it: the key's, the grant's creator's, and one that the grant names. */
function accountsOf(access: Access, issuer: string, named: readonly unknown[]): boolean {
  const { account } = access.caller;
  return account === access.key?.account || account === issuer || named.includes('account');
}

/**
 * May the caller retire the grant that its request names? The grant decides, not the key policy: its retiring principal may, and its
 * grantee when RetireGrant is among the operations, without any permission; in an account that has a say, whom identity
 * policies allow kms:RetireGrant; and nobody whom they deny it. Source: "Retiring and revoking grants" in the Developer Guide.
 * @throws Fault NotFoundException, InvalidGrantIdException, InvalidGrantTokenException
 */
export function mayRetire(access: Access): Decision {
  const { key, world } = access;
  if (!key || !world) throw new Error('a grant is retired on a key');
  const { terms, issuer } = resolveGrant(world, key, access.request);
  const ownPolicies = byIdentity(access);
  if (ownPolicies.refusal?.explicit) return ownPolicies;
  const grantee = terms.Operations.includes('RetireGrant') ? terms.GranteePrincipal : undefined;
  const named = [terms.RetiringPrincipal, grantee].map((principal) => standing(access, principal));
  if (named.includes('self')) return { allowed: true, reason: '' };
  if (accountsOf(access, issuer, named)) return ownPolicies;
  const refusal = { policy: 'resource-based', explicit: false } as const;
  return { allowed: false, refusal, reason: `because no resource-based policy allows the ${access.action} action` };
}
