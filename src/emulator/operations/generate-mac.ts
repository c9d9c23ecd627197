import type { GenerateMacRequest, GenerateMacResponse } from '@aws-sdk/client-kms';
import { mac } from '../crypto/hmac.js';
import { checkAlgorithm } from '../crypto/specs.js';
import type { Operation } from '../operation.js';
import { currentMaterial } from '../world/records.js';
import { states } from '../world/states.js';

export const generateMac: Operation<GenerateMacRequest, GenerateMacResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'GENERATE_VERIFY_MAC' },
  do({ key, request: { MacAlgorithm, Message } }) {
    checkAlgorithm(key, MacAlgorithm);
    return { Mac: mac(currentMaterial(key.shared).secret, MacAlgorithm, Message), MacAlgorithm, KeyId: key.arn };
  },
};
