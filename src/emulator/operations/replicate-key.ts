import type { ReplicateKeyRequest, ReplicateKeyResponse } from '@aws-sdk/client-kms';
import { partitionOf } from '../../regions.js';
import { checkKeyPolicy, defaultKeyPolicy } from '../authz/key-policy.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { metadataOf } from '../world/metadata.js';
import type { Key } from '../world/records.js';
import { checkPrimary, putReplica } from '../world/replicas.js';
import { states } from '../world/states.js';
import { withTags } from '../world/tags.js';

/** A replica goes to another Region of the primary's partition that has no key of the set, not even one that is dying. */
function checkRegion({ region, shared }: Key, to: string): void {
  const partition = partitionOf(to);
  if (to === region) {
    throw new Fault('UnsupportedOperationException', `The replica Region ${to} is the Region of the primary key.`);
  }
  if (!partition) throw new Fault('UnsupportedOperationException', `The replica Region ${to} is not supported.`);
  if (partition !== (partitionOf(region) ?? 'aws')) {
    const message = `The replica Region ${to} is not in the partition of the primary key's Region ${region}.`;
    throw new Fault('UnsupportedOperationException', message);
  }
  if (shared.regions.includes(to)) {
    const message = 'You can create only one replica of each primary key in each AWS Region.';
    throw new Fault('AlreadyExistsException', message);
  }
}

export const replicateKey: Operation<ReplicateKeyRequest, ReplicateKeyResponse> = {
  changes: true,
  key: { member: 'KeyId', forms: 'key', states: states.replicate },
  do({ world, key, request, caller, from }) {
    checkPrimary(key);
    checkRegion(key, request.ReplicaRegion);
    const there = world.at({ account: key.account, region: request.ReplicaRegion });
    const replica = putReplica(there, key, {
      description: request.Description ?? '',
      policy: request.Policy ?? defaultKeyPolicy(there.place),
      tags: withTags([], request.Tags ?? []),
    });
    const { Policy, BypassPolicyLockoutSafetyCheck: bypass = false } = request;
    if (Policy !== undefined) checkKeyPolicy(replica, caller, bypass, { world: there, from });
    return { ReplicaKeyMetadata: metadataOf(replica), ReplicaPolicy: replica.policy, ReplicaTags: [...replica.tags] };
  },
};
