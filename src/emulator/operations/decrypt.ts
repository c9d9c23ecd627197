import type { DecryptRequest, DecryptResponse } from '@aws-sdk/client-kms';
import { checkAlgorithm, checkRecipient, namedByBlob, openWith } from '../crypto/ciphertext.js';
import type { Checked, Operation } from '../operation.js';
import { states } from '../world/states.js';

/** DryRunModifiers IGNORE_CIPHERTEXT: only the permission is tried, for a key that the request must then name. */
const isPermissionTest = ({ DryRun, DryRunModifiers, KeyId }: Checked<DecryptRequest>) =>
  DryRun === true && DryRunModifiers?.includes('IGNORE_CIPHERTEXT') === true && KeyId !== undefined;

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
    if (isPermissionTest(request)) return {};
    checkAlgorithm(key, request.EncryptionAlgorithm);
    const { plaintext, materialId } = openWith(key, request.CiphertextBlob, request.EncryptionContext);
    note({ keyMaterialId: materialId });
    return {
      KeyId: key.arn,
      Plaintext: plaintext,
      EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      KeyMaterialId: materialId,
    };
  },
};
