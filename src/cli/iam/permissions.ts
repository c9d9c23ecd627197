/**
 * What a permission is on: a key that is still to be made, keys, the alias of a lab by its name there, a role by its path and
 * name, or nothing that has an ARN.
 */
export type On = 'new-key' | 'key' | `alias/${string}` | `role/${string}` | '*';

/** An action of IAM, `kms:Encrypt`, and what it is needed on. */
export interface Permission {
  action: string;
  on: On;
}

/** What needs which permissions: a lab by its id, `cleanup`, `doctor`. */
export type PermissionTable = ReadonlyMap<string, readonly Permission[]>;

/**
 * Read `labs/permissions.txt`: a line for each thing that somebody needs permissions on, `symmetric key kms:Decrypt kms:Encrypt`.
 * A spec takes each of them away in turn, and writes down those that were missed.
 */
export function readPermissions(text: string): PermissionTable {
  const table = new Map<string, Permission[]>();
  for (const line of text.split(/\r?\n/).filter(Boolean)) {
    const [what, on, ...actions] = line.split(' ') as [string, On, ...string[]];
    table.set(what, [...(table.get(what) ?? []), ...actions.map((action) => ({ action, on }))]);
  }
  return table;
}
