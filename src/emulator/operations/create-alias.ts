import type { CreateAliasRequest } from '@aws-sdk/client-kms';
import { aliasArn } from '../arn.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { checkAliasName, checkAliasRoom, checkAliasTarget } from '../world/alias-rules.js';
import { states } from '../world/states.js';

export const createAlias: Operation<CreateAliasRequest, object> = {
  changes: true,
  key: { member: 'TargetKeyId', forms: 'key', states: states.notDying },
  check({ AliasName, TargetKeyId }) {
    checkAliasName(AliasName);
    checkAliasTarget(TargetKeyId);
  },
  do({ world, key, request }) {
    const name = request.AliasName;
    if (world.alias(name)) {
      const message = `An alias with the name ${aliasArn(world.place, name)} already exists`;
      throw new Fault('AlreadyExistsException', message);
    }
    checkAliasRoom(world, key);
    world.putAlias({ name, keyId: key.id, created: world.now, updated: world.now });
    return {};
  },
};
