import type { ImportKeyMaterialRequest } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { Checked } from '../operation.js';
import type { Instant } from './records.js';

type Request = Checked<ImportKeyMaterialRequest>;

const longest = 365 * 24 * 60 * 60 * 1000;
const refuse = (message: string) => new Fault('ValidationException', message);

/** Refuse members that contradict each other; ImportKeyMaterial in the API Reference. */
export function checkExpiration({
  ExpirationModel: model = 'KEY_MATERIAL_EXPIRES',
  ValidTo,
  ImportType,
  KeyMaterialId,
}: Request): void {
  if (model === 'KEY_MATERIAL_EXPIRES' && ValidTo === undefined) {
    throw refuse('ValidTo must be specified when ExpirationModel is KEY_MATERIAL_EXPIRES.');
  }
  if (model === 'KEY_MATERIAL_DOES_NOT_EXPIRE' && ValidTo !== undefined) {
    throw refuse('ValidTo must not be specified when ExpirationModel is KEY_MATERIAL_DOES_NOT_EXPIRE.');
  }
  if (ImportType === 'NEW_KEY_MATERIAL' && KeyMaterialId !== undefined) {
    throw refuse('KeyMaterialId must not be specified when ImportType is NEW_KEY_MATERIAL.');
  }
}

/** When imported material expires; undefined: never. */
export function expiryOf({ ValidTo }: Request, now: Instant): Instant | undefined {
  const expires = ValidTo?.getTime();
  if (expires === undefined) return undefined;
  if (expires <= now) throw refuse('ValidTo must be in the future.');
  if (expires > now + longest) throw refuse('ValidTo must be within 365 days from now.');
  return expires;
}
