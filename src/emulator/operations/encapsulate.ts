import type { EncapsulateRequest, EncapsulateResponse } from '@aws-sdk/client-kms';
import { encapsulateWith, type MlKemSpec } from '../crypto/ml-kem.js';
import { checkAlgorithm } from '../crypto/specs.js';
import type { Operation } from '../operation.js';
import { currentMaterial } from '../world/records.js';
import { states } from '../world/states.js';

export const encapsulate: Operation<EncapsulateRequest, EncapsulateResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCAPSULATE_DECAPSULATE' },
  async do({ key, request: { EncapsulationAlgorithm } }) {
    checkAlgorithm(key, EncapsulationAlgorithm);
    const spec = key.shared.spec as MlKemSpec; // no other spec has that usage
    const { sharedSecret, cipherText } = await encapsulateWith(spec, currentMaterial(key.shared));
    return {
      KeyId: key.arn,
      SharedSecret: sharedSecret,
      SharedSecretCiphertextBlob: cipherText,
      EncapsulationAlgorithm,
    };
  },
};
