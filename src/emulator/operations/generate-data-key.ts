import type { GenerateDataKeyRequest, GenerateDataKeyResponse } from '@aws-sdk/client-kms';
import { checkRecipient, checkSymmetric, sealWith } from '../crypto/ciphertext.js';
import { checkLength, newDataKey } from '../crypto/data-key.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const generateDataKey: Operation<GenerateDataKeyRequest, GenerateDataKeyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' },
  check(request) {
    checkLength(request);
    checkRecipient(request);
  },
  do({ key, request, note }) {
    checkSymmetric(key, 'GenerateDataKey');
    const plaintext = newDataKey(request);
    const { blob, materialId } = sealWith(key, plaintext, request.EncryptionContext);
    note({ keyMaterialId: materialId });
    return { KeyId: key.arn, Plaintext: plaintext, CiphertextBlob: blob, KeyMaterialId: materialId };
  },
};
