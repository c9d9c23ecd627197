import type { DecapsulateRequest, DecapsulateResponse } from '@aws-sdk/client-kms';
import { decapsulateWith, type MlKemSpec } from '../crypto/ml-kem.js';
import { checkAlgorithm } from '../crypto/specs.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { currentMaterial } from '../world/records.js';
import { states } from '../world/states.js';

export const decapsulate: Operation<DecapsulateRequest, DecapsulateResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCAPSULATE_DECAPSULATE' },
  async do({ key, request: { EncapsulationAlgorithm, SharedSecretCiphertextBlob } }) {
    checkAlgorithm(key, EncapsulationAlgorithm);
    const spec = key.shared.spec as MlKemSpec; // no other spec has that usage
    const secret = await decapsulateWith(spec, currentMaterial(key.shared), SharedSecretCiphertextBlob);
    if (!secret) throw new Fault('InvalidCiphertextException', '');
    return { KeyId: key.arn, SharedSecret: secret, EncapsulationAlgorithm };
  },
};
