import type { DeriveSharedSecretRequest, DeriveSharedSecretResponse } from '@aws-sdk/client-kms';
import { checkRecipient } from '../crypto/ciphertext.js';
import { agree, type EccSpec } from '../crypto/ecc.js';
import { checkAlgorithm } from '../crypto/specs.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { currentMaterial } from '../world/records.js';
import { states } from '../world/states.js';

export const deriveSharedSecret: Operation<DeriveSharedSecretRequest, DeriveSharedSecretResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'KEY_AGREEMENT' },
  check: checkRecipient,
  do({ key, request: { KeyAgreementAlgorithm, PublicKey } }) {
    checkAlgorithm(key, KeyAgreementAlgorithm);
    const spec = key.shared.spec as EccSpec; // no other spec has that usage
    const secret = agree(spec, currentMaterial(key.shared), PublicKey);
    if (!secret) {
      throw new Fault(
        'ValidationException',
        `PublicKey is not a DER-encoded public key compatible with KeySpec ${spec}.`,
      );
    }
    return { KeyId: key.arn, SharedSecret: secret, KeyAgreementAlgorithm, KeyOrigin: key.shared.origin };
  },
};
