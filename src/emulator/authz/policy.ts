/** A policy statement after JSON, before anything is known about it. */
export interface Statement {
  Sid?: string;
  Effect?: unknown;
  Principal?: unknown;
  NotPrincipal?: unknown;
  Action?: unknown;
  NotAction?: unknown;
  Resource?: unknown;
  NotResource?: unknown;
  Condition?: unknown;
}

const textsOf = (value: unknown): string[] =>
  typeof value === 'string' ? [value] : Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];

/** The statements of a policy given as an object; none when it is no policy. */
export function statementsOf(policy: unknown): Statement[] {
  const statement = (policy as { Statement?: unknown } | null)?.Statement;
  const all = Array.isArray(statement) ? statement : [statement];
  return all.filter((one): one is Statement => typeof one === 'object' && one !== null);
}

const parsed = new Map<string, Statement[]>();

/** The statements of a key policy's text. Texts repeat (the default policy), so the last ones are kept. */
export function statementsOfText(text: string): Statement[] {
  const known = parsed.get(text);
  if (known) return known;
  if (parsed.size >= 1000) parsed.clear();
  const statements = statementsOf(JSON.parse(text));
  parsed.set(text, statements);
  return statements;
}

const patterns = new Map<string, RegExp>();

/** `*` is any run of characters, `?` any one. */
export function wild(pattern: string, text: string, flags = ''): boolean {
  if (pattern === '*' || pattern === text) return true;
  if (!/[*?]/.test(pattern)) return flags === 'i' && pattern.toLowerCase() === text.toLowerCase();
  const name = `${flags}${pattern}`;
  let regex = patterns.get(name);
  if (!regex) {
    const escaped = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.');
    if (patterns.size >= 1000) patterns.clear();
    patterns.set(name, (regex = new RegExp(`^${escaped}$`, `s${flags}`)));
  }
  return regex.test(text);
}

export function matchesAction(statement: Statement, action: string): boolean {
  const any = (patterns: unknown) => textsOf(patterns).some((pattern) => wild(pattern, action, 'i'));
  return statement.NotAction === undefined ? any(statement.Action) : !any(statement.NotAction);
}

export function matchesResource(statement: Statement, resource: string): boolean {
  const any = (patterns: unknown) => textsOf(patterns).some((pattern) => wild(pattern, resource));
  return statement.NotResource === undefined ? any(statement.Resource) : !any(statement.NotResource);
}

/** The AWS principals a statement of a key policy names. */
export function principalsOf(statement: Statement): string[] {
  const { Principal } = statement;
  if (typeof Principal === 'string') return [Principal];
  return textsOf((Principal as { AWS?: unknown } | undefined)?.AWS);
}
