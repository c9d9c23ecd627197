import type { ReEncryptRequest, ReEncryptResponse } from '@aws-sdk/client-kms';
import { checkAlgorithm, namedByBlob, openWith, sealWith } from '../crypto/ciphertext.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

const facts = { forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' } as const;

export const reEncrypt: Operation<ReEncryptRequest, ReEncryptResponse> = {
  changes: false,
  key: { ...facts, member: 'SourceKeyId', otherwise: namedByBlob },
  also: { ...facts, member: 'DestinationKeyId' },
  do({ key: source, also: destination, request, note }) {
    checkAlgorithm(source, request.SourceEncryptionAlgorithm);
    checkAlgorithm(destination, request.DestinationEncryptionAlgorithm);
    const opened = openWith(source, request.CiphertextBlob, request.SourceEncryptionContext);
    const sealed = sealWith(destination, opened.plaintext, request.DestinationEncryptionContext);
    opened.plaintext.fill(0);
    note({ sourceKeyMaterialId: opened.materialId, destinationKeyMaterialId: sealed.materialId });
    return {
      CiphertextBlob: sealed.blob,
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      DestinationEncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      SourceKeyMaterialId: opened.materialId,
      DestinationKeyMaterialId: sealed.materialId,
    };
  },
};
