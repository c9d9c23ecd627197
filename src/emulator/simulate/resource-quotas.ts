import { Fault } from '../fault.js';
import type { Passage } from '../pipeline.js';
import { grantsOn } from '../world/grants.js';
import type { World } from '../world/world.js';

/** Resource quotas of an account in a Region; each can be raised on AWS, and lowered here to be met sooner. */
export interface ResourceQuotas {
  /** Customer managed keys in every state. */
  keys: number;
  aliasesPerKey: number;
  grantsPerKey: number;
}

/** As every account begins (docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html). */
export const resourceQuotas: ResourceQuotas = { keys: 100_000, aliasesPerKey: 50, grantsPerKey: 50_000 };

function countUpTo(items: Iterable<unknown>, most: number): number {
  let count = 0;
  for (const _ of items) if (++count >= most) break;
  return count;
}

function check(what: string, items: Iterable<unknown>, quota: number): void {
  if (countUpTo(items, quota + 1) <= quota) return;
  const message = `${what} quota for this account in this region is ${quota}, current usage is ${quota}.`;
  throw new Fault('LimitExceededException', message);
}

function aliasedKey(world: World, { AliasName, TargetKeyId }: Record<string, unknown>): string | undefined {
  return TargetKeyId === undefined ? undefined : world.alias(String(AliasName))?.keyId;
}

/** Refuse a change, when it has just been made and can still be taken back, that goes over a quota. */
export function checkResourceQuotas({ name, world, request, keys: [key] }: Passage, quotas: ResourceQuotas): void {
  if (name === 'CreateKey') check('Keys', world.keyIds(), quotas.keys);
  if (name === 'ReplicateKey') {
    check('Keys', world.at({ ...world.place, region: String(request.ReplicaRegion) }).keyIds(), quotas.keys);
  }
  if (name === 'CreateGrant' && key) check('Grants per key', grantsOn(world.store, key), quotas.grantsPerKey);
  if (name === 'CreateAlias' || name === 'UpdateAlias') {
    const keyId = aliasedKey(world, request);
    if (keyId !== undefined) check('Aliases per key', world.aliases({ keyId }), quotas.aliasesPerKey);
  }
}
