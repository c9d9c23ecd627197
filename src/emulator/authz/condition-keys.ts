import type { Access } from './access.js';
import { globalKeys, globalPrefixes } from './global-keys.js';
import { kmsKeys, kmsPrefixes } from './kms-keys.js';
import { absent, type FamilyReader, type Reader, type Values } from './values.js';

const lower = <T>(table: Readonly<Record<string, T>>) =>
  new Map(Object.entries(table).map(([name, reader]) => [name.toLowerCase(), reader]));

let keys: Map<string, Reader> | undefined;
let families: Map<string, FamilyReader> | undefined;

function family(access: Access, name: string): Values {
  families ??= lower({ ...globalPrefixes, ...kmsPrefixes });
  for (const [prefix, read] of families) {
    if (name.startsWith(prefix)) return read(access, name.slice(prefix.length));
  }
  return absent;
}

/**
 * What a request says about a condition key, whatever the key's case. A key that nobody here knows is absent, as one that AWS
 * does not set for a request is.
 */
export function conditionValues(access: Access, key: string): Values {
  keys ??= lower({ ...globalKeys, ...kmsKeys });
  const name = key.toLowerCase();
  return keys.get(name)?.(access) ?? family(access, name);
}
