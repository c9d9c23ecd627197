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

type Element = Readonly<Record<string, unknown>>;
const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A text, or a list of texts that is not empty. */
const isTexts = (value: unknown): boolean =>
  typeof value === 'string' ||
  (Array.isArray(value) && value.length > 0 && value.every((one) => typeof one === 'string'));

function flawOf(statement: unknown): string | undefined {
  if (!isElement(statement)) return 'Syntax errors in policy.';
  const { Effect, Action, NotAction, Resource, NotResource, Principal, NotPrincipal, Condition } = statement;
  if (Effect !== 'Allow' && Effect !== 'Deny') return `Invalid effect: ${JSON.stringify(Effect) ?? 'none'}`;
  if (!isTexts(Action ?? NotAction)) return 'Policy statement must contain actions.';
  if (!isTexts(Resource ?? NotResource)) return 'Policy statement must contain resources.';
  if (Principal !== undefined || NotPrincipal !== undefined) return 'Policy document should not specify a principal.';
  return Condition === undefined || isElement(Condition) ? undefined : 'Syntax errors in policy.';
}

/**
 * Read an identity or session policy: JSON with statements that have an effect, actions and resources, and name no principal
 * ("IAM JSON policy elements reference", IAM User Guide).
 */
export function readIdentityPolicy(text: string): ReadPolicy {
  const policy = parse(text);
  if (!isElement(policy)) return { flaw: 'This policy contains invalid Json' };
  const { Version, Statement } = policy;
  if (!versions.includes(Version)) return { flaw: 'The policy must contain a valid version string' };
  const statements: unknown[] = Array.isArray(Statement) ? Statement : [Statement];
  if (statements.length === 0) return { flaw: 'Syntax errors in policy.' };
  const flaw = statements.map(flawOf).find((each) => each !== undefined);
  return flaw === undefined ? { policy } : { flaw };
}
