import type { Key } from '../world/records.js';
import type { Access } from './access.js';
import { acrossAccounts } from './actions.js';
import { explain } from './explain.js';
import { grantFor } from './grants.js';
import { applies, keyPolicyOf, type Policy, policyOf } from './policy.js';
import { type Naming, naming, principalOf } from './principal.js';
import { Refusal } from './refusal.js';

export type { Access, From } from './access.js';

/** Kinds of policies, as AWS's refusals name them. */
export type PolicyKind = 'identity-based' | 'resource-based' | 'session';

export interface Decision {
  allowed: boolean;
  /** The kind of policy that was decisive when the answer is no, and whether it said so or kept silent. */
  refusal?: { policy: PolicyKind; explicit: boolean };
  /** Behind "…on resource: <ARN> " in AWS's words; empty when allowed. */
  reason: string;
}

const allowed: Decision = { allowed: true, reason: '' };

const implicit = (policy: PolicyKind, { action }: Access): Decision => ({
  allowed: false,
  refusal: { policy, explicit: false },
  reason: `because no ${policy} policy allows the ${action} action`,
});

const explicit = (policy: PolicyKind): Decision => ({
  allowed: false,
  refusal: { policy, explicit: true },
  reason: `with an explicit deny in ${policy === 'identity-based' ? 'an' : 'a'} ${policy} policy`,
});

/** Whether some statement of a caller's own policies has this effect. */
function says(documents: readonly unknown[], effect: 'Allow' | 'Deny', access: Access, action: string): boolean {
  for (const document of documents) {
    for (const statement of policyOf(document)) {
      if (statement.effect === effect && applies(statement, access, action)) return true;
    }
  }
  return false;
}

/** Nobody gives the root user permissions: it has them. */
function identityAllows(access: Access, action: string): boolean {
  const { caller } = access;
  return principalOf(caller).type === 'Account' || says(caller.identityPolicies, 'Allow', access, action);
}

/** The closest naming of the caller among the statements of a key policy that have this effect. */
function keyPolicySays(policy: Policy, effect: 'Allow' | 'Deny', access: Access, action: string): Naming | undefined {
  const caller = principalOf(access.caller);
  let closest: Naming | undefined;
  for (const statement of policy) {
    if (statement.effect !== effect || !statement.principals) continue;
    const named = naming(statement.principals, caller, effect);
    if (!named || !applies(statement, access, action)) continue;
    if (named === 'session') return named;
    if (closest !== 'caller') closest = named;
  }
  return closest;
}

/** What no allow can undo. */
function explicitDeny(access: Access, key: Key | undefined, action: string): Decision | undefined {
  const { caller } = access;
  if (says(caller.identityPolicies, 'Deny', access, action)) return explicit('identity-based');
  if (says(caller.sessionPolicies ?? [], 'Deny', access, action)) return explicit('session');
  if (key && keyPolicySays(keyPolicyOf(key), 'Deny', access, action)) return explicit('resource-based');
  return undefined;
}

/** What a session was limited to when it was made; an unlimited one may do what its role may. */
function sessionRefuses(access: Access, action: string): Decision | undefined {
  const { sessionPolicies = [] } = access.caller;
  if (sessionPolicies.length === 0 || says(sessionPolicies, 'Allow', access, action)) return undefined;
  return implicit('session', access);
}

/**
 * The refusal that remains when nothing is denied outright: the key policy must name the caller, or hand over to the account,
 * whose identity policies then decide. Another account's key needs both, and takes only the actions that AWS lets cross over.
 */
function policiesRefuse(access: Access, key: Key | undefined, action: string): Decision | undefined {
  if (!key) {
    return (
      sessionRefuses(access, action) ??
      (identityAllows(access, action) ? undefined : implicit('identity-based', access))
    );
  }
  const sameAccount = access.caller.account === key.account;
  const named = keyPolicySays(keyPolicyOf(key), 'Allow', access, action);
  // What a key policy gives to a session by its own ARN is not limited by the session's policies.
  if (named === 'session' && sameAccount) return undefined;
  const session = sessionRefuses(access, action);
  if (session) return session;
  if (!named || !(sameAccount || acrossAccounts.has(access.action))) return implicit('resource-based', access);
  if (named !== 'account' && sameAccount) return undefined;
  return identityAllows(access, action) ? undefined : implicit('identity-based', access);
}

/** What policies say; without a key, a caller's own alone. */
function decide(access: Access, key: Key | undefined): Decision {
  const action = access.action.toLowerCase();
  return explicitDeny(access, key, action) ?? policiesRefuse(access, key, action) ?? allowed;
}

/** What identity policies and a session's own say, whatever the key's. */
export const byIdentity = (access: Access): Decision => decide(access, undefined);

/**
 * Decide as AWS does ("Policy evaluation logic" in the IAM User Guide, "Determining access to AWS KMS keys" in KMS's guide): an
 * explicit deny anywhere wins; then policies may allow, and what they do not, a grant may, within what a session is limited to.
 */
export function authorise(access: Access): Decision {
  const decision = decide(access, access.key);
  if (!decision.refusal || decision.refusal.explicit || decision.refusal.policy === 'session') return decision;
  return grantFor(access, () => identityAllows(access, access.action.toLowerCase())) ? allowed : decision;
}

/** The refusal as AWS words it, with its explanation; `message` where AWS has other words than usual. */
export function refusal(access: Access, decision: Decision, message = messageOf(access, decision)): Refusal {
  return new Refusal(explain(access, decision), message);
}

function messageOf({ caller, action, resource }: Access, { reason }: Decision): string {
  return `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
}
