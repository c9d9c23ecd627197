import type { ListKeyRotationsRequest, ListKeyRotationsResponse } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { pageOf } from '../world/paging.js';
import type { Key, Material } from '../world/records.js';
import { entryOf } from '../world/rotation-entry.js';
import { states } from '../world/states.js';

const sizes = { max: 1000, usual: 100 };

/** Oldest first. Keys that cannot be rotated have no rotations to list. */
function listed(key: Key, request: { IncludeKeyMaterial?: string }): Material[] {
  const { spec, materials, pending } = key.shared;
  if (spec !== 'SYMMETRIC_DEFAULT') {
    if (request.IncludeKeyMaterial === undefined) return [];
    throw new Fault('UnsupportedOperationException', `IncludeKeyMaterial is not supported for key spec ${spec}.`);
  }
  if (request.IncludeKeyMaterial === 'ALL_KEY_MATERIAL') return [...materials, ...(pending ? [pending] : [])];
  return materials.filter(({ rotated }) => rotated !== undefined);
}

export const listKeyRotations: Operation<ListKeyRotationsRequest, ListKeyRotationsResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.rotationStatus },
  do({ world, key, request }) {
    const all = listed(key, request);
    const { items, reply } = pageOf(
      request,
      `ListKeyRotations ${key.arn} ${request.IncludeKeyMaterial ?? 'ROTATIONS_ONLY'}`,
      sizes,
      ({ after, limit = sizes.max }) => {
        const from = all.findIndex(({ id }) => id === after) + 1;
        return all.slice(from, from + limit);
      },
      ({ id }) => id,
    );
    return { Rotations: items.map((material) => entryOf(world, key, material)), ...reply };
  },
};
