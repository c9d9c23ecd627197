import type {
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse,
} from '@aws-sdk/client-kms';
import { checkSymmetric, sealWith } from '../crypto/ciphertext.js';
import { checkLength, newDataKey } from '../crypto/data-key.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const generateDataKeyWithoutPlaintext: Operation<
  GenerateDataKeyWithoutPlaintextRequest,
  GenerateDataKeyWithoutPlaintextResponse
> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' },
  check: checkLength,
  do({ key, request, note }) {
    checkSymmetric(key, 'GenerateDataKeyWithoutPlaintext');
    const plaintext = newDataKey(request);
    const { blob, materialId } = sealWith(key, plaintext, request.EncryptionContext);
    plaintext.fill(0);
    note({ keyMaterialId: materialId });
    return { KeyId: key.arn, CiphertextBlob: blob, KeyMaterialId: materialId };
  },
};
