import type { SignRequest, SignResponse } from '@aws-sdk/client-kms';
import { signWith } from '../crypto/signature.js';
import type { Operation } from '../operation.js';
import { states } from '../world/states.js';

export const sign: Operation<SignRequest, SignResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'SIGN_VERIFY' },
  async do({ key, request }) {
    const { SigningAlgorithm, Message, MessageType = 'RAW' } = request;
    const Signature = await signWith(key, SigningAlgorithm, { bytes: Message, type: MessageType });
    return { KeyId: key.arn, Signature, SigningAlgorithm };
  },
};
