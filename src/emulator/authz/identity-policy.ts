import { type Statement, statementsOf } from './policy.js';

/** A policy document that was read, or what is wrong with it in IAM's words. */
export type ReadPolicy = { policy: object; flaw?: never } | { policy?: never; flaw: string };

const versions: unknown[] = [undefined, '2012-10-17', '2008-10-17'];

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function flawOf({ Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal }: Statement) {
  if (Effect !== 'Allow' && Effect !== 'Deny') return `Invalid effect: ${JSON.stringify(Effect) ?? 'none'}`;
  if (Action === undefined && NotAction === undefined) return 'Policy statement must contain actions.';
  if (Resource === undefined && NotResource === undefined) return 'Policy statement must contain resources.';
  if (Principal !== undefined || NotPrincipal !== undefined) return 'Policy document should not specify a principal.';
  return undefined;
}

/**
 * Read an identity or session policy: JSON with statements that have an effect, actions and resources, and name no principal
 * ("IAM JSON policy elements reference", IAM User Guide).
 */
export function readIdentityPolicy(text: string): ReadPolicy {
  const policy = parse(text);
  if (typeof policy !== 'object' || policy === null || Array.isArray(policy)) {
    return { flaw: 'This policy contains invalid Json' };
  }
  if (!versions.includes((policy as { Version?: unknown }).Version)) {
    return { flaw: 'The policy must contain a valid version string' };
  }
  const statements = statementsOf(policy);
  if (statements.length === 0) return { flaw: 'Syntax errors in policy.' };
  const flaw = statements.map(flawOf).find((each) => each !== undefined);
  return flaw === undefined ? { policy } : { flaw };
}
