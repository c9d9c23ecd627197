import type { KeySpec } from '@aws-sdk/client-kms';
import { admit, type Passage, pass } from '../pipeline.js';
import { resolveKey } from '../world/resolve.js';
import { World } from '../world/world.js';
import type { Conditions } from './conditions.js';
import type { Lag } from './lag.js';
import { type Charged, chargesOf } from './request-quotas.js';
import { checkResourceQuotas } from './resource-quotas.js';

/** Quotas are counted before the key is known to exist; a request for none counts as a symmetric one. */
function specOf({ world, request, operation }: Passage): KeySpec | undefined {
  const id = request[operation.key?.member ?? ''];
  if (!operation.key || typeof id !== 'string') return undefined;
  try {
    return resolveKey(world, id, operation.key.forms).key.shared.spec;
  } catch {
    return undefined;
  }
}

function chargedOf(passage: Passage): Charged {
  const { name, world, request } = passage;
  const pairSpec = request.KeyPairSpec as string | undefined;
  return { operation: name, region: world.place.region, keySpec: specOf(passage), pairSpec };
}

/**
 * Show a call the world as it was before late changes. What only looks is done in that view; what changes must be admitted in
 * it, and is then done on the world as it is, so that no change is lost.
 */
function lookLate(lag: Lag, passage: Passage): void {
  passage.world.settle();
  const late = new World(lag.view, passage.world.place, passage.world.wall, lag);
  if (passage.operation.changes) admit({ ...passage, world: late, keys: [], notes: {} }, undefined);
  else passage.world = late;
}

/** `pass`, under the conditions of this process. */
export async function passUnder(
  conditions: Conditions,
  lag: Lag,
  passage: Passage,
  done: (reply: object) => void,
): Promise<object> {
  const { name, world, caller, request, operation } = passage;
  conditions.checkFault(name, world.place.region, false);
  const elsewhere = request.ReplicaRegion ?? request.PrimaryRegion;
  if (typeof elsewhere === 'string') conditions.checkOutage(elsewhere);
  if (conditions.countsRequests) conditions.charge(caller.account, chargesOf(chargedOf(passage), request), world.now);
  if (lag.late) lookLate(lag, passage);
  return await pass(passage, (reply) => {
    if (operation.changes && conditions.resourceQuotas) checkResourceQuotas(passage, conditions.resourceQuotas);
    done(reply);
  });
}
