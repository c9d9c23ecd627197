import type {
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse,
} from '@aws-sdk/client-kms';
import { checkSymmetric } from '../crypto/ciphertext.js';
import { checkPair, newDataKeyPair } from '../crypto/data-key-pair.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const generateDataKeyPairWithoutPlaintext: Operation<
  GenerateDataKeyPairWithoutPlaintextRequest,
  GenerateDataKeyPairWithoutPlaintextResponse
> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.dataKeyPair, usage: 'ENCRYPT_DECRYPT' },
  check: checkPair,
  async do({ key, request, note }) {
    checkSymmetric(key, 'GenerateDataKeyPairWithoutPlaintext');
    if (request.DryRun) return {};
    const { publicKey, privateKey, blob, materialId } = await newDataKeyPair(key, request);
    privateKey.fill(0);
    note({ keyMaterialId: materialId });
    return {
      PrivateKeyCiphertextBlob: blob,
      PublicKey: publicKey,
      KeyId: key.arn,
      KeyPairSpec: request.KeyPairSpec,
      KeyMaterialId: materialId,
    };
  },
};
