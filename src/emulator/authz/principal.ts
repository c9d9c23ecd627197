import { nameOf } from '../principal.js';
import { type Caller, roleOf } from './caller.js';

/** What policies call a caller. */
export interface Principal {
  /** aws:PrincipalArn: a session's is its role's. */
  arn: string;
  type: 'Account' | 'User' | 'AssumedRole' | 'FederatedUser';
  /** IAM users alone have one. */
  userName?: string;
  /** The caller itself; a role without its path. */
  self: string;
  /** The role behind a session, without its path. */
  role?: string;
  /** Its account's root ARN, by which a key policy hands over to identity policies. */
  account: string;
}

const known = new WeakMap<Caller, Principal>();

function read(caller: Caller): Principal {
  const { arn, account } = caller;
  const [, partition] = arn.split(':') as [string, string];
  const common = { arn, self: nameOf(arn), account: `arn:${partition}:iam::${account}:root` };
  const [kind = '', name] = arn.slice(arn.lastIndexOf(':') + 1).split('/');
  if (kind === 'assumed-role') {
    const role = `arn:${partition}:iam::${account}:role/${name}`;
    return { ...common, type: 'AssumedRole', arn: roleOf(caller) ?? role, role };
  }
  if (kind === 'role') return { ...common, type: 'AssumedRole' };
  if (kind === 'federated-user') return { ...common, type: 'FederatedUser' };
  if (kind === 'root') return { ...common, type: 'Account' };
  return { ...common, type: 'User', userName: arn.slice(arn.lastIndexOf('/') + 1) };
}

export function principalOf(caller: Caller): Principal {
  let principal = known.get(caller);
  if (!principal) {
    principal = read(caller);
    known.set(caller, principal);
  }
  return principal;
}

/** How closely a key policy's statement names a caller: its session, itself (or its role, or everybody), its account. */
export type Naming = 'session' | 'caller' | 'account';

/** The principals of a statement. */
export interface Principals {
  not: boolean;
  everybody: boolean;
  names: ReadonlySet<string>;
}

const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [String(value)]);

/** Read a Principal or NotPrincipal element. Service and Federated principals are never the ones who call here. */
export function principalsOf(element: unknown, not: boolean, partition: string): Principals {
  const aws = typeof element === 'string' ? element : (element as { AWS?: unknown } | null)?.AWS;
  const names = aws === undefined ? [] : textsOf(aws);
  return {
    not,
    everybody: names.includes('*'),
    names: new Set(names.map((name) => (/^\d{12}$/.test(name) ? `arn:${partition}:iam::${name}:root` : nameOf(name)))),
  };
}

function named({ everybody, names }: Principals, caller: Principal): Naming | undefined {
  // The account's root user is meant by the account's name.
  if (names.has(caller.self)) return caller.role || caller.type === 'FederatedUser' ? 'session' : 'caller';
  if (everybody || (caller.role !== undefined && names.has(caller.role))) return 'caller';
  return names.has(caller.account) ? 'account' : undefined;
}

/**
 * Whether a statement is about a caller. NotPrincipal is about everybody whose session, role and account are not all listed
 * when it denies, and whom none of these names when it allows ("AWS JSON policy elements: NotPrincipal" in the IAM User Guide).
 */
export function naming(principals: Principals, caller: Principal, effect: 'Allow' | 'Deny'): Naming | undefined {
  if (!principals.not) return named(principals, caller);
  const { everybody, names } = principals;
  if (everybody) return undefined;
  const identities = [caller.self, caller.role, caller.account].filter((name) => name !== undefined);
  const listed = (name: string) => names.has(name);
  const about = effect === 'Deny' ? !identities.every(listed) : !identities.some(listed);
  return about ? 'caller' : undefined;
}
