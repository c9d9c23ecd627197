import type { EncryptionAlgorithmSpec } from '@aws-sdk/client-kms';
import { missing } from '../constraint.js';
import { Fault } from '../fault.js';
import { currentMaterial, type Key } from '../world/records.js';
import type { World } from '../world/world.js';
import { longestPlaintext, type RsaSpec, rsaDecrypt, rsaEncrypt } from './rsa.js';
import { checkAlgorithm } from './specs.js';
import { type EncryptionContext, inspect, seal, unseal } from './symmetric.js';

/** AWS gives no message: nothing is said about what was wrong. */
const invalid = () => new Fault('InvalidCiphertextException', '');

/** How to encrypt or decrypt; without an algorithm AWS takes SYMMETRIC_DEFAULT, whatever the key. */
export interface Manner {
  algorithm?: EncryptionAlgorithmSpec | undefined;
  context?: EncryptionContext | undefined;
}

/** Encrypt under a symmetric key's current material. */
export function sealWith(key: Key, plaintext: Uint8Array, context?: EncryptionContext) {
  const material = currentMaterial(key.shared);
  return { blob: seal(key, material, plaintext, context), materialId: material.id };
}

/** Decrypt with a symmetric key, under whichever of its materials sealed the blob. */
function openWith(key: Key, blob: Uint8Array, context?: EncryptionContext) {
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

/** Refuse what is known to be wrong with a manner before the ciphertext is looked at. */
function mannerOf(key: Key, { algorithm = 'SYMMETRIC_DEFAULT', context }: Manner): EncryptionAlgorithmSpec {
  checkAlgorithm(key, algorithm);
  if (algorithm !== 'SYMMETRIC_DEFAULT' && context !== undefined && Object.keys(context).length > 0) {
    const message = `EncryptionContext is not supported with encryption algorithm ${algorithm}.`;
    throw new Fault('ValidationException', message);
  }
  return algorithm;
}

/**
 * Encrypt with a symmetric or RSA key.
 * @throws Fault InvalidKeyUsageException, ValidationException (too long for the key, a context with RSA)
 */
export function encryptWith(key: Key, plaintext: Uint8Array, manner: Manner) {
  const algorithm = mannerOf(key, manner);
  if (algorithm === 'SYMMETRIC_DEFAULT') return { algorithm, ...sealWith(key, plaintext, manner.context) };
  const spec = key.shared.spec as RsaSpec; // no other spec has another algorithm
  const longest = longestPlaintext(spec, algorithm);
  if (plaintext.length > longest) {
    const message = `Algorithm ${algorithm} and key spec ${spec} cannot encrypt data larger than ${longest} bytes.`;
    throw new Fault('ValidationException', message);
  }
  return { algorithm, blob: rsaEncrypt(currentMaterial(key.shared), algorithm, plaintext), materialId: undefined };
}

/**
 * Decrypt with a symmetric or RSA key.
 * @throws Fault InvalidKeyUsageException, InvalidCiphertextException, IncorrectKeyException (symmetric blobs name their key)
 */
export function decryptWith(key: Key, blob: Uint8Array | undefined, manner: Manner) {
  if (!blob) throw missing('ciphertextBlob');
  const algorithm = mannerOf(key, manner);
  if (algorithm === 'SYMMETRIC_DEFAULT') return { algorithm, ...openWith(key, blob, manner.context) };
  const plaintext = rsaDecrypt(currentMaterial(key.shared), algorithm, blob);
  if (!plaintext) throw invalid();
  return { algorithm, plaintext, materialId: undefined };
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

/** DryRunModifiers IGNORE_CIPHERTEXT: only the permission is tried, for a key that the request must then name. */
export function isPermissionTest(
  { DryRun, DryRunModifiers }: { DryRun?: boolean; DryRunModifiers?: readonly string[] },
  keyId: string | undefined,
): boolean {
  return DryRun === true && DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true && keyId !== undefined;
}

/**
 * Data keys are sealed by symmetric encryption keys alone; an RSA key's usage is right but its spec is not.
 * @throws Fault InvalidKeyUsageException
 */
export function checkSymmetric(key: Key, operation: string): void {
  const { spec } = key.shared;
  if (spec === 'SYMMETRIC_DEFAULT') return;
  throw new Fault('InvalidKeyUsageException', `${key.arn} key spec is ${spec} which is not valid for ${operation}.`);
}

/** Nitro enclaves and other attested recipients cannot be served here. */
export function checkRecipient({ Recipient }: { Recipient?: object }): void {
  if (Recipient) throw new Fault('UnsupportedOperationException', 'The embedded AWS does not support Recipient.');
}
