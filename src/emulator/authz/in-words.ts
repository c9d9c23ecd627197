import { acrossAccounts } from './actions.js';
import type { ConditionResult, Explanation, Miss, StatementRef } from './explanation.js';

const kinds: Readonly<Record<StatementRef['policy'], string>> = {
  'identity-based': 'identity policy',
  'resource-based': 'key policy',
  session: 'session policy',
};

const policyName = ({ policy, policyNumber }: Pick<StatementRef, 'policy' | 'policyNumber'>): string =>
  policyNumber === undefined ? `the ${kinds[policy]}` : `${kinds[policy]} ${policyNumber}`;

const statementName = (ref: StatementRef): string =>
  `statement ${ref.sid === undefined ? ref.number : `"${ref.sid}"`} of ${policyName(ref)}`;

const list = (values: readonly string[]) => values.map((value) => `"${value}"`).join(' or ');

function conditionText({ operator, key, wanted, actual }: ConditionResult): string {
  const said =
    actual.length === 0 ? 'the request has none' : `the request has ${list(actual).replaceAll(' or ', ', ')}`;
  return `${operator} ${key} ${list(wanted)}: ${said}`;
}

function missLines({ statement, failed, conditions }: Miss, { principal, resource }: Explanation): string[] {
  const name = `${statementName(statement)} would allow it, but`;
  if (failed === 'principal') return [`${name} not for ${principal}`];
  if (failed === 'resource') return [`${name} not on ${resource}`];
  return [`${name} its condition does not hold:`, ...conditions.map((condition) => `  ${conditionText(condition)}`)];
}

/** What would have had to allow it, and did not. */
function silence({ policy, action, crossAccount, delegated }: Explanation): string[] {
  if (policy === undefined) return ['the ciphertext names no key that exists in this account and Region'];
  if (policy === 'session') return [`no session policy allows ${action}: the session may do only what they list`];
  if (crossAccount && !acrossAccounts.has(action)) {
    return [
      `the key is another account’s, and ${action} works on keys of one’s own account alone, whatever policies say`,
    ];
  }
  if (policy === 'resource-based') {
    const both = crossAccount
      ? '; the key is another account’s, so its key policy and the caller’s identity policies must both allow it'
      : '';
    return [
      `the key policy allows ${action} neither to the caller nor, through the account, to its identity policies${both}`,
    ];
  }
  const because = crossAccount
    ? ['the key is another account’s: its key policy allows it, and an identity policy of the caller must allow it too']
    : delegated
      ? ['the key policy leaves it to the account’s identity policies']
      : [];
  return [...because, `no identity policy of the caller allows ${action}`];
}

/** A refusal in plain words, a line each; the first says what was refused. */
export function inWords(explanation: Explanation): string[] {
  const { principal, action, resource, deniedBy } = explanation;
  const first = `${principal} may not ${action}${resource === '*' ? '' : ` on ${resource}`}`;
  if (deniedBy) {
    const { statement, conditions } = deniedBy;
    const since =
      conditions.length === 0
        ? []
        : ['since its condition holds:', ...conditions.map((one) => `  ${conditionText(one)}`)];
    return [first, `${statementName(statement)} denies it, and a deny wins over every allow`, ...since];
  }
  return [first, ...silence(explanation), ...explanation.misses.flatMap((miss) => missLines(miss, explanation))];
}
