import type { DecryptRequest, DecryptResponse } from '@aws-sdk/client-kms';
import { checkRecipient, decryptWith, isPermissionTest, namedByBlob } from '../crypto/ciphertext.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const decrypt: Operation<DecryptRequest, DecryptResponse> = {
  changes: false,
  check: checkRecipient,
  key: {
    member: 'KeyId',
    forms: 'any',
    otherwise: namedByBlob,
    states: states.crypto,
    usage: 'ENCRYPT_DECRYPT',
  },
  do({ key, request, note }) {
    if (isPermissionTest(request, request.KeyId)) return {};
    const manner = { algorithm: request.EncryptionAlgorithm, context: request.EncryptionContext };
    const { plaintext, algorithm, materialId } = decryptWith(key, request.CiphertextBlob, manner);
    const reply = { KeyId: key.arn, Plaintext: plaintext, EncryptionAlgorithm: algorithm };
    if (materialId === undefined) return reply;
    note({ keyMaterialId: materialId });
    return { ...reply, KeyMaterialId: materialId };
  },
};
