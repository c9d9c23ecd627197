import { partitionOf } from '../arn.js';
import { Fault } from '../fault.js';
import type { Key } from '../world/records.js';
import { type Caller, roleOf } from './caller.js';
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
}

export interface Decision {
  allowed: boolean;
  /** Behind "…on resource: <ARN> " in AWS's words; empty when allowed. */
  reason: string;
}

const allowed: Decision = { allowed: true, reason: '' };
const implicit = (policy: string, { action }: Access): Decision => ({
  allowed: false,
  reason: `because no ${policy} policy allows the ${action} action`,
});
const explicit = (policy: string): Decision => ({
  allowed: false,
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
function namesOf(caller: Caller): string[] {
  const role = roleOf(caller);
  return role === undefined ? [caller.arn] : [caller.arn, role];
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
 * the account, whose identity policies allow. Another account's key needs both.
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
  if (!allows.caller && !allows.account) return implicit('resource-based', access);
  return says('Allow') ? allowed : implicit('identity-based', access);
}

/** The refusal as AWS words it. */
export function refusal({ caller, action, resource }: Access, { reason }: Decision): Fault {
  const message = `User: ${caller.arn} is not authorized to perform: ${action} on resource: ${resource} ${reason}`;
  return new Fault('AccessDeniedException', message);
}
