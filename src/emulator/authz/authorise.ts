import { partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import type { GrantRecord } from '../world/grants.js';
import type { Key } from '../world/records.js';
import type { World } from '../world/world.js';
import type { Caller } from './caller.js';
import { grantFor } from './grants.js';
import {
  matchesAction,
  matchesResource,
  principalsOf,
  type Statement,
  statementsOf,
  statementsOfText,
} from './policy.js';

/** One question: may this caller do this with that? */
export interface Access {
  caller: Caller;
  /** `kms:Encrypt`. */
  action: string;
  /** The ARN of the key or alias; `*` where the action is on none. */
  resource: string;
  /** The key whose policy and grants have a say; absent where identity policies alone decide. */
  key?: Key;
  operation: string;
  request: object;
  region: string;
  /** Where the key's grants are; absent: they have no say. */
  world?: World;
  /** Grants whose tokens the request carries. */
  granted?: readonly GrantRecord[];
}

export interface Decision {
  allowed: boolean;
  /** Behind "…on resource: <ARN> " in AWS's words; empty when allowed. */
  reason: string;
  /** Refused by a deny, which no other permission makes good. */
  denied?: true;
}

const allowed: Decision = { allowed: true, reason: '' };
const implicit = (policy: string, { action }: Access): Decision => ({
  allowed: false,
  reason: `because no ${policy} policy allows the ${action} action`,
});
const explicit = (policy: string): Decision => ({
  allowed: false,
  denied: true,
  reason: `with an explicit deny in ${policy} policy`,
});

/** Conditions are not understood yet: such a statement never allows and always denies. */
function speaks(statement: Statement, effect: 'Allow' | 'Deny', action: string): boolean {
  if (statement.Effect !== effect || !matchesAction(statement, action)) return false;
  return effect === 'Deny' || statement.Condition === undefined;
}

function identitySays(access: Access, effect: 'Allow' | 'Deny', policies: readonly unknown[]): boolean {
  return policies
    .flatMap(statementsOf)
    .some((statement) => speaks(statement, effect, access.action) && matchesResource(statement, access.resource));
}

/** The role behind a session is a principal too. */
function namesOf({ arn, account }: Caller): string[] {
  const session = /^arn:([^:]+):sts::\d+:assumed-role\/([^/]+)\//.exec(arn);
  return session ? [arn, `arn:${session[1]}:iam::${account}:role/${session[2]}`] : [arn];
}

/** Whether a key policy names the caller itself, or hands the question to the caller's account. */
function keyPolicySays(access: Access, key: Key, effect: 'Allow' | 'Deny'): { caller: boolean; account: boolean } {
  const { account } = access.caller;
  const root = `arn:${partitionOf(access.region)}:iam::${account}:root`;
  const names = namesOf(access.caller);
  const principals = statementsOfText(key.policy)
    .filter((statement) => speaks(statement, effect, access.action))
    .filter((statement) => matchesResource(statement, key.arn))
    .flatMap(principalsOf);
  return {
    caller: principals.some((principal) => principal === '*' || names.includes(principal)),
    account: principals.some((principal) => principal === root || principal === account),
  };
}

/**
 * Decide as AWS does: an explicit deny anywhere wins; then the key policy allows the caller by name, or hands over to
 * the account, whose identity policies allow; another account's key needs both. What they do not allow a grant may.
 */
export function authorise(access: Access): Decision {
  const { caller, key } = access;
  const says = (effect: 'Allow' | 'Deny') => identitySays(access, effect, caller.identityPolicies);
  if (says('Deny')) return explicit('an identity-based');
  const sessions = caller.sessionPolicies ?? [];
  if (identitySays(access, 'Deny', sessions)) return explicit('a session');
  if (sessions.length > 0 && !identitySays(access, 'Allow', sessions)) return implicit('session', access);
  if (!key) return says('Allow') ? allowed : implicit('identity-based', access);
  const denies = keyPolicySays(access, key, 'Deny');
  if (denies.caller || denies.account) return explicit('a resource-based');
  const allows = keyPolicySays(access, key, 'Allow');
  const sameAccount = caller.account === key.account;
  if (allows.caller && sameAccount) return allowed;
  const named = allows.caller || allows.account;
  if (named && says('Allow')) return allowed;
  if (grantFor(access, () => says('Allow'))) return allowed;
  return implicit(named ? 'identity-based' : 'resource-based', access);
}

/** The refusal as AWS words it. */
export function refusal({ caller, action, resource }: Access, { reason }: Decision): Fault {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new Fault('AccessDeniedException', message);
}
