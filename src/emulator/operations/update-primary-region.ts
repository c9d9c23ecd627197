import type { UpdatePrimaryRegionRequest } from '@aws-sdk/client-kms';
import { keyArn } from '../arn.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { checkPrimary, movePrimary } from '../world/replicas.js';
import { resolveKey } from '../world/resolve.js';
import { states } from '../world/states.js';

export const updatePrimaryRegion: Operation<UpdatePrimaryRegionRequest, object> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.promote },
  also: {
    member: 'PrimaryRegion',
    forms: 'key',
    states: states.promote,
    // Where there is no replica the primary stands for it, and is refused below: permissions come before that.
    find(request, world) {
      const { key } = resolveKey(world, request.KeyId, 'key');
      return world.at({ account: key.account, region: request.PrimaryRegion }).key(key.id) ?? key;
    },
  },
  do({ world, key, also: replica, request }) {
    checkPrimary(key);
    if (request.PrimaryRegion === key.region) {
      throw new Fault('UnsupportedOperationException', `${key.arn} is the multi-Region primary key already.`);
    }
    if (replica.region === key.region) {
      const arn = keyArn({ account: key.account, region: request.PrimaryRegion }, key.id);
      throw new Fault('NotFoundException', `Key '${arn}' does not exist`);
    }
    movePrimary(world, key, replica);
    return {};
  },
};
