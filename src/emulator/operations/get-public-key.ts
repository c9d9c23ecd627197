import type { GetPublicKeyRequest, GetPublicKeyResponse } from '@aws-sdk/client-kms';
import { publicKeyOf } from '../crypto/public-key.js';
import { algorithmsOf } from '../crypto/specs.js';
import { Fault } from '../fault.js';
import type { Operation } from '../operation.js';
import { checkState, states } from '../world/states.js';

export const getPublicKey: Operation<GetPublicKeyRequest, GetPublicKeyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.publicKey },
  async do({ key }) {
    const { spec, usage } = key.shared;
    const material = key.shared.materials.at(-1);
    if (!material) checkState(key, states.crypto); // imported never yet
    const publicKey = material && (material.publicKey ?? (await publicKeyOf(spec, material)));
    if (!publicKey) {
      const message = `${key.arn} key spec is ${spec} which is not valid for GetPublicKey.`;
      throw new Fault('UnsupportedOperationException', message);
    }
    return {
      KeyId: key.arn,
      PublicKey: publicKey,
      CustomerMasterKeySpec: spec as NonNullable<GetPublicKeyResponse['CustomerMasterKeySpec']>,
      KeySpec: spec,
      KeyUsage: usage,
      ...algorithmsOf(spec, usage),
    };
  },
};
