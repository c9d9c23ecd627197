import type { VerifyRequest, VerifyResponse } from '@aws-sdk/client-kms';
import { verifyWith } from '../crypto/signature.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const verify: Operation<VerifyRequest, VerifyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'SIGN_VERIFY' },
  async do({ key, request }) {
    const { SigningAlgorithm, Message, MessageType = 'RAW', Signature } = request;
    const valid = await verifyWith(key, SigningAlgorithm, { bytes: Message, type: MessageType }, Signature);
    if (!valid) throw new Fault('KMSInvalidSignatureException', '');
    return { KeyId: key.arn, SignatureValid: true, SigningAlgorithm };
  },
};
