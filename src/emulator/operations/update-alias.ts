import type { UpdateAliasRequest } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { checkAliasName, checkAliasRoom, checkAliasTarget } from '../world/alias-rules.js';
import { states } from '../world/states.js';

export const updateAlias: Operation<UpdateAliasRequest, object> = {
  changes: true,
  key: { member: 'TargetKeyId', forms: 'key', states: states.notDying },
  also: { member: 'AliasName', forms: 'any', states: states.anything },
  check({ AliasName, TargetKeyId }) {
    checkAliasName(AliasName);
    checkAliasTarget(TargetKeyId);
  },
  do({ world, key, also: former, request }) {
    const [from, to] = [former.shared, key.shared];
    if (from.usage !== to.usage || (from.spec === 'SYMMETRIC_DEFAULT') !== (to.spec === 'SYMMETRIC_DEFAULT')) {
      const message = `Alias ${request.AliasName} cannot be moved to a key of another type or usage.`;
      throw new Fault('ValidationException', message);
    }
    if (former.id !== key.id) checkAliasRoom(world, key);
    const created = world.alias(request.AliasName)?.created ?? world.now;
    world.putAlias({ name: request.AliasName, keyId: key.id, created, updated: world.now });
    return {};
  },
};
