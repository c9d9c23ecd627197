import type { CreateGrantRequest, GrantConstraints, GrantOperation } from '@aws-sdk/client-kms';
import { hasContext } from '../world/grant-rules.js';
import type { GrantTerms } from '../world/grants.js';

type Context = Readonly<Record<string, string>>;

/** Of an operation's request, the context that its permission is about. */
function contextOf(operation: GrantOperation, request: object): Context {
  const prefix = { ReEncryptFrom: 'Source', ReEncryptTo: 'Destination' }[operation as string] ?? '';
  return (request as Record<string, Context | undefined>)[`${prefix}EncryptionContext`] ?? {};
}

/** In a constraint names are not case-sensitive, values are (API reference, GrantConstraints). */
const folded = (context: Context) =>
  new Map(Object.entries(context).map(([name, value]) => [name.toLowerCase(), value]));

function includes(context: Context, wanted: Context): boolean {
  const pairs = folded(context);
  return Object.entries(wanted).every(([name, value]) => pairs.get(name.toLowerCase()) === value);
}

const equals = (context: Context, wanted: Context) => includes(context, wanted) && includes(wanted, context);

/**
 * Whether a grant's constraints let a request pass. A SourceArn never does: it asks for a call that an AWS service makes on
 * behalf of a resource, and here callers speak for themselves.
 */
export function meets({ Constraints = {} }: GrantTerms, operation: GrantOperation, request: object): boolean {
  const { EncryptionContextEquals, EncryptionContextSubset, SourceArn } = Constraints;
  if (SourceArn !== undefined) return false;
  if (!hasContext(operation)) return true;
  const context = contextOf(operation, request);
  if (EncryptionContextEquals) return equals(context, EncryptionContextEquals);
  return EncryptionContextSubset === undefined || includes(context, EncryptionContextSubset);
}

function asStrict(child: GrantConstraints, parent: GrantConstraints): boolean {
  const { EncryptionContextEquals: exact, EncryptionContextSubset: least } = parent;
  if (exact) return child.EncryptionContextEquals !== undefined && equals(child.EncryptionContextEquals, exact);
  return least === undefined || includes(child.EncryptionContextEquals ?? child.EncryptionContextSubset ?? {}, least);
}

/** Whether a grant allows to create that other one: no more operations, constraints as strict or stricter. */
export function allowsChild({ Operations, Constraints = {} }: GrantTerms, request: object): boolean {
  const child = request as Partial<CreateGrantRequest>;
  const more = child.Operations?.some((operation) => !Operations.includes(operation)) ?? true;
  return !more && asStrict(child.Constraints ?? {}, Constraints);
}
