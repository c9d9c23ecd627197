import type { EncryptRequest, EncryptResponse } from '@aws-sdk/client-kms';
import { checkAlgorithm, sealWith } from '../crypto/ciphertext.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const encrypt: Operation<EncryptRequest, EncryptResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' },
  do({ key, request, note }) {
    checkAlgorithm(key, request.EncryptionAlgorithm);
    const { blob, materialId } = sealWith(key, request.Plaintext, request.EncryptionContext);
    note({ keyMaterialId: materialId });
    return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: 'SYMMETRIC_DEFAULT' };
  },
};
