import type { ReEncryptRequest, ReEncryptResponse } from '@aws-sdk/client-kms';
import { decryptWith, encryptWith, isPermissionTest, namedByBlob } from '../crypto/ciphertext.js';
import type { Checked, Operation } from '../operation.js';
import type { Key } from '../world/records.js';
import { states } from '../world/states.js';

const facts = { forms: 'any', states: states.crypto, usage: 'ENCRYPT_DECRYPT' } as const;

function moved(source: Key, destination: Key, request: Checked<ReEncryptRequest>) {
  const opened = decryptWith(source, request.CiphertextBlob, {
    algorithm: request.SourceEncryptionAlgorithm,
    context: request.SourceEncryptionContext,
  });
  const sealed = encryptWith(destination, opened.plaintext, {
    algorithm: request.DestinationEncryptionAlgorithm,
    context: request.DestinationEncryptionContext,
  });
  opened.plaintext.fill(0);
  return { opened, sealed };
}

export const reEncrypt: Operation<ReEncryptRequest, ReEncryptResponse> = {
  changes: false,
  key: { ...facts, member: 'SourceKeyId', otherwise: namedByBlob },
  also: { ...facts, member: 'DestinationKeyId' },
  do({ key: source, also: destination, request, note }) {
    if (isPermissionTest(request, request.SourceKeyId)) return {};
    const { opened, sealed } = moved(source, destination, request);
    const from = opened.materialId;
    const to = sealed.materialId;
    note({
      ...(from === undefined ? {} : { sourceKeyMaterialId: from }),
      ...(to === undefined ? {} : { destinationKeyMaterialId: to }),
    });
    return {
      CiphertextBlob: sealed.blob,
      SourceKeyId: source.arn,
      KeyId: destination.arn,
      SourceEncryptionAlgorithm: opened.algorithm,
      DestinationEncryptionAlgorithm: sealed.algorithm,
      ...(from === undefined ? {} : { SourceKeyMaterialId: from }),
      ...(to === undefined ? {} : { DestinationKeyMaterialId: to }),
    };
  },
};
