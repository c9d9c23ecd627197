import type { EncryptRequest, EncryptResponse } from '@aws-sdk/client-kms';
import { encryptWith } from '../crypto/ciphertext.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const encrypt: Operation<EncryptRequest, EncryptResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' },
  do({ key, request, note }) {
    const manner = { algorithm: request.EncryptionAlgorithm, context: request.EncryptionContext };
    const { blob, algorithm, materialId } = encryptWith(key, request.Plaintext, manner);
    if (materialId !== undefined) note({ keyMaterialId: materialId });
    return { KeyId: key.arn, CiphertextBlob: blob, EncryptionAlgorithm: algorithm };
  },
};
