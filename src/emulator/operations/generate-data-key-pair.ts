import type { GenerateDataKeyPairRequest, GenerateDataKeyPairResponse } from '@aws-sdk/client-kms';
import { checkSymmetric } from '../crypto/ciphertext.js';
import { checkPair, newDataKeyPair } from '../crypto/data-key-pair.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const generateDataKeyPair: Operation<GenerateDataKeyPairRequest, GenerateDataKeyPairResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.dataKeyPair, usage: 'ENCRYPT_DECRYPT' },
  check: checkPair,
  async do({ key, request, note }) {
    checkSymmetric(key, 'GenerateDataKeyPair');
    if (request.DryRun) return {};
    const { publicKey, privateKey, blob, materialId } = await newDataKeyPair(key, request);
    note({ keyMaterialId: materialId });
    return {
      PrivateKeyCiphertextBlob: blob,
      PrivateKeyPlaintext: privateKey,
      PublicKey: publicKey,
      KeyId: key.arn,
      KeyPairSpec: request.KeyPairSpec,
      KeyMaterialId: materialId,
    };
  },
};
