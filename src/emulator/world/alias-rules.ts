import { Fault } from '../fault.js';
import type { Key } from './records.js';
import type { World } from './world.js';

/** Refuse what can be no alias of a customer; `alias/aws/` is AWS's own. */
export function checkAliasName(name: string): void {
  if (!name.startsWith('alias/') || name === 'alias/') throw new Fault('ValidationException', 'Invalid identifier');
  if (name.startsWith('alias/aws/')) throw new Fault('NotAuthorizedException', '');
  if (name.includes(':')) {
    throw new Fault('InvalidAliasNameException', `${name} contains invalid characters for an alias`);
  }
}

/** Refuse an alias as what an alias is for. */
export function checkAliasTarget(id: string): void {
  if (!/^(?:alias\/|arn:[^/]+:alias\/)/.test(id)) return;
  throw new Fault('ValidationException', 'TargetKeyId must be a key ID or key ARN, not an alias');
}

/** Aliases a key may have; AWS KMS resource quotas. */
const most = 50;

export function checkAliasRoom(world: World, key: Key): void {
  if ([...world.aliases({ keyId: key.id })].length < most) return;
  const message = `Aliases per key quota for this account in this region is ${most}, current usage is ${most}.`;
  throw new Fault('LimitExceededException', message);
}
