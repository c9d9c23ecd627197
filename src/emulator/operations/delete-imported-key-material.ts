import type { DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { removeMaterial } from '../world/imports.js';
import type { Key } from '../world/records.js';
import { states, wrongOrigin } from '../world/states.js';

/** The current one unless told otherwise; undefined before the first import, when there is nothing to delete. */
function materialOf({ arn, shared }: Key, wanted: string | undefined): string | undefined {
  if (wanted === undefined) return shared.materials.at(-1)?.id;
  if (shared.spec !== 'SYMMETRIC_DEFAULT') {
    throw new Fault('UnsupportedOperationException', `KeyMaterialId is not supported for key spec ${shared.spec}.`);
  }
  if ([...shared.materials, shared.pending].some((material) => material?.id === wanted)) return wanted;
  throw new Fault('NotFoundException', `Key material ${wanted} is not associated with ${arn}.`);
}

export const deleteImportedKeyMaterial: Operation<DeleteImportedKeyMaterialRequest, DeleteImportedKeyMaterialResponse> =
  {
    changes: true,
    key: { member: 'KeyId', forms: 'key', states: states.deleteMaterial },
    do({ world, key, request }) {
      const { origin, spec } = key.shared;
      if (origin !== 'EXTERNAL') throw wrongOrigin(key.arn, origin);
      const id = materialOf(key, request.KeyMaterialId);
      if (id !== undefined) removeMaterial(world, key, id);
      return { KeyId: key.arn, ...(id !== undefined && spec === 'SYMMETRIC_DEFAULT' ? { KeyMaterialId: id } : {}) };
    },
  };
