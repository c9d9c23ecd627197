import type { ImportType } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Key } from './records.js';

const incorrect = (message: string) => new Fault('IncorrectKeyMaterialException', message);

/** What an import is when it does not say: the first of a key is new, every other one brings back what was there. */
export function importTypeOf({ shared }: Key, { ImportType }: { ImportType?: ImportType }): ImportType {
  return ImportType ?? (shared.materials.length === 0 ? 'NEW_KEY_MATERIAL' : 'EXISTING_KEY_MATERIAL');
}

/** Material that a key has not had: the first, or one more for the next rotation, in the primary Region before any other. */
function checkNew({ arn, region, shared }: Key, isKnown: boolean): void {
  if (isKnown) throw incorrect('The key material is already associated with the KMS key.');
  if (region !== shared.primaryRegion) {
    const message = `${arn} is a replica key. New key material must first be imported into the primary key in ${shared.primaryRegion}.`;
    throw new Fault('UnsupportedOperationException', message);
  }
  if (shared.pending) {
    const message = `${arn} already has key material that is pending rotation; rotate the key or delete that key material first.`;
    throw new Fault('KMSInvalidStateException', message);
  }
}

/**
 * Refuse material that is not what the import says it is.
 * @throws Fault IncorrectKeyMaterialException, UnsupportedOperationException (new material in a replica),
 * KMSInvalidStateException (another one waits for its rotation)
 */
export function checkAssociation(key: Key, id: string, type: ImportType, expected: string | undefined): void {
  const { materials, pending } = key.shared;
  const isKnown = pending?.id === id || materials.some((material) => material.id === id);
  if (type === 'NEW_KEY_MATERIAL') checkNew(key, isKnown);
  else if (!isKnown) throw incorrect('The key material is not the same key material that was previously imported.');
  if (expected !== undefined && expected !== id) {
    throw incorrect('The key material does not match the specified key material ID.');
  }
}
