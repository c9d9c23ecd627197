import { missing } from '../constraint.js';
import { Fault } from '../fault.js';
import { currentMaterial, type Key } from '../world/records.js';
import type { World } from '../world/world.js';
import { type EncryptionContext, inspect, seal, unseal } from './symmetric.js';

/** AWS gives no message: nothing is said about what was wrong. */
const invalid = () => new Fault('InvalidCiphertextException', '');

/** Encrypt under a symmetric key's current material. */
export function sealWith(key: Key, plaintext: Uint8Array, context?: EncryptionContext) {
  const material = currentMaterial(key.shared);
  return { blob: seal(key, material, plaintext, context), materialId: material.id };
}

/** Decrypt with a symmetric key, under whichever of its materials sealed the blob. */
export function openWith(key: Key, blob: Uint8Array | undefined, context?: EncryptionContext) {
  if (!blob) throw missing('ciphertextBlob');
  const sealed = inspect(blob);
  if (!sealed) throw invalid();
  if (sealed.keyId !== key.id || sealed.account !== key.account) {
    const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
    throw new Fault('IncorrectKeyException', message);
  }
  const material = key.shared.materials.find(({ id }) => id === sealed.materialId);
  const plaintext = material && unseal(material, blob, context);
  if (!plaintext) throw invalid();
  return { plaintext, materialId: sealed.materialId };
}

/** The key that a ciphertext names, for requests that do not; one of another Region is not found. */
export const namedByBlob = {
  refusal:
    'The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not allowed to access.',
  find({ CiphertextBlob }: { CiphertextBlob?: Uint8Array }, world: World): Key | undefined {
    if (!CiphertextBlob) throw missing('ciphertextBlob');
    const sealed = inspect(CiphertextBlob);
    if (!sealed) throw invalid();
    return world.at({ account: sealed.account, region: world.place.region }).key(sealed.keyId);
  },
};

/** Refuse an algorithm that the key's spec does not have. */
export function checkAlgorithm(key: Key, algorithm = 'SYMMETRIC_DEFAULT'): void {
  if (algorithm === 'SYMMETRIC_DEFAULT') return;
  const message = `Algorithm ${algorithm} and key spec ${key.shared.spec} are incompatible.`;
  throw new Fault('InvalidKeyUsageException', message);
}

/** Nitro enclaves and other attested recipients cannot be served here. */
export function checkRecipient({ Recipient }: { Recipient?: object }): void {
  if (Recipient) throw new Fault('UnsupportedOperationException', 'The embedded AWS does not support Recipient.');
}
