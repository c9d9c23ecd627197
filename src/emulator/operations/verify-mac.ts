import type { VerifyMacRequest, VerifyMacResponse } from '@aws-sdk/client-kms';
import { isSameMac, mac } from '../crypto/hmac.js';
import { checkAlgorithm } from '../crypto/specs.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { currentMaterial } from '../world/records.js';
import { states } from '../world/states.js';

export const verifyMac: Operation<VerifyMacRequest, VerifyMacResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.crypto, usage: 'GENERATE_VERIFY_MAC' },
  do({ key, request: { Mac, MacAlgorithm, Message } }) {
    checkAlgorithm(key, MacAlgorithm);
    const right = mac(currentMaterial(key.shared).secret, MacAlgorithm, Message);
    if (!isSameMac(right, Mac)) throw new Fault('KMSInvalidMacException', '');
    return { KeyId: key.arn, MacValid: true, MacAlgorithm };
  },
};
