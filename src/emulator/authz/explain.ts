import type { Access } from './access.js';
import type { Decision, PolicyKind } from './authorise.js';
import type { Condition } from './condition.js';
import type { ConditionResult, Explanation, Miss, StatementRef } from './explanation.js';
import { applies, keyPolicyOf, policyOf, type Statement } from './policy.js';
import { naming, principalOf } from './principal.js';

interface Placed {
  statement: Statement;
  ref: StatementRef;
}

/** Every statement that had a say, in the order in which they were asked. */
function statementsOf({ caller, key }: Access): Placed[] {
  const own = (policy: PolicyKind, documents: readonly unknown[]) =>
    documents.flatMap((document, index) => place(policyOf(document), policy, index + 1));
  return [
    ...own('identity-based', caller.identityPolicies),
    ...own('session', caller.sessionPolicies ?? []),
    ...(key ? place(keyPolicyOf(key), 'resource-based') : []),
  ];
}

function place(statements: readonly Statement[], policy: PolicyKind, policyNumber?: number): Placed[] {
  return statements.map((statement) => ({
    statement,
    ref: {
      policy,
      ...(policyNumber === undefined ? {} : { policyNumber }),
      number: statement.number,
      ...(statement.sid === undefined ? {} : { sid: statement.sid }),
    },
  }));
}

const resultOf = (access: Access, { operator, key, values, read }: Condition): ConditionResult => ({
  operator,
  key,
  wanted: values,
  actual: read(access),
});

function about({ principals, effect }: Statement, access: Access): boolean {
  return !principals || naming(principals, principalOf(access.caller), effect) !== undefined;
}

/** Why a statement that allows the action does not allow it here; undefined: it does, and another policy did not. */
function missOf({ statement, ref }: Placed, access: Access): Miss | undefined {
  const failed = statement.conditions.filter((condition) => !condition.holds(access));
  const miss = (part: Miss['failed']): Miss => ({
    statement: ref,
    failed: part,
    conditions: failed.map((condition) => resultOf(access, condition)),
  });
  if (!about(statement, access)) return miss('principal');
  if (!statement.onResource(access)) return miss('resource');
  return failed.length > 0 ? miss('condition') : undefined;
}

/** Explain a refusal. Works it out anew: nobody pays for it but who was refused. */
export function explain(access: Access, { refusal }: Decision): Explanation {
  const { caller, key, resource } = access;
  const action = access.action.toLowerCase();
  const placed = statementsOf(access);
  const common = {
    principal: caller.arn,
    action: access.action,
    resource,
    ...(refusal ? { policy: refusal.policy } : {}),
    crossAccount: key !== undefined && key.account !== caller.account,
  };
  if (refusal?.explicit) {
    const denies = ({ statement, ref }: Placed) =>
      statement.effect === 'Deny' && ref.policy === refusal.policy && about(statement, access);
    const found = placed.find((one) => denies(one) && applies(one.statement, access, action));
    const conditions = found?.statement.conditions.map((condition) => resultOf(access, condition)) ?? [];
    return { ...common, ...(found ? { deniedBy: { statement: found.ref, conditions } } : {}), misses: [] };
  }
  const allowing = placed.filter(({ statement }) => statement.effect === 'Allow' && statement.onAction(action));
  const misses = allowing.map((one) => missOf(one, access)).filter((miss) => miss !== undefined);
  return { ...common, misses, ...(key ? { delegated: delegates(allowing, access) } : {}) };
}

/** Whether the key policy hands this action over to the caller's account. */
function delegates(allowing: readonly Placed[], access: Access): boolean {
  const caller = principalOf(access.caller);
  return allowing.some(
    ({ statement: { principals } }) => principals !== undefined && naming(principals, caller, 'Allow') === 'account',
  );
}

/** A request that named no key, and whose ciphertext leads to none in this Region. */
export function noSuchKey(principal: string, action: string): Explanation {
  return { principal, action, resource: '*', misses: [], crossAccount: false };
}
