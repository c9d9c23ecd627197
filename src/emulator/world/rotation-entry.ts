import type { RotationsListEntry } from '@aws-sdk/client-kms';
import { isImportedEverywhere } from './imports.js';
import type { Key, Material } from './records.js';
import type { World } from './world.js';

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

/** A material as ListKeyRotations shows it. */
export const entryOf = (world: World, key: Key, material: Material): RotationsListEntry => ({
  KeyId: key.id,
  KeyMaterialId: material.id,
  KeyMaterialState: stateOf(world, key, material),
  ...importOf(key, material),
  ...(material.rotated ? { RotationDate: new Date(material.rotated.date), RotationType: material.rotated.type } : {}),
});
