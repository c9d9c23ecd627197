import type { ListKeyRotationsRequest, ListKeyRotationsResponse, RotationsListEntry } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { isImportedEverywhere } from '../world/imports.js';
import { pageOf } from '../world/paging.js';
import type { Key, Material } from '../world/records.js';
import { states } from '../world/states.js';
import type { World } from '../world/world.js';

const sizes = { max: 1000, usual: 100 };

function stateOf(world: World, { shared }: Key, { id }: Material): NonNullable<RotationsListEntry['KeyMaterialState']> {
  if (shared.pending?.id !== id) return shared.materials.at(-1)?.id === id ? 'CURRENT' : 'NON_CURRENT';
  return isImportedEverywhere(world, shared, id) ? 'PENDING_ROTATION' : 'PENDING_MULTI_REGION_IMPORT_AND_ROTATION';
}

/** What is told of materials that their owner imports. */
function importOf({ shared, imports }: Key, { id }: Material): Partial<RotationsListEntry> {
  if (shared.origin !== 'EXTERNAL') return {};
  const { imported = false, expires, description } = imports?.[id] ?? {};
  return {
    ImportState: imported ? 'IMPORTED' : 'PENDING_IMPORT',
    ...(description === undefined ? {} : { KeyMaterialDescription: description }),
    ...(imported && expires === undefined ? { ExpirationModel: 'KEY_MATERIAL_DOES_NOT_EXPIRE' } : {}),
    ...(expires === undefined ? {} : { ExpirationModel: 'KEY_MATERIAL_EXPIRES', ValidTo: new Date(expires) }),
  };
}

const entryOf = (world: World, key: Key, material: Material): RotationsListEntry => ({
  KeyId: key.id,
  KeyMaterialId: material.id,
  KeyMaterialState: stateOf(world, key, material),
  ...importOf(key, material),
  ...(material.rotated ? { RotationDate: new Date(material.rotated.date), RotationType: material.rotated.type } : {}),
});

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
