import type { GetParametersForImportRequest, GetParametersForImportResponse } from '@aws-sdk/client-kms';
import { sealToken } from '../crypto/import-token.js';
import { publicHalf } from '../crypto/public-key.js';
import { newRsaKey, type RsaSpec } from '../crypto/rsa.js';
import { checkWrapping } from '../crypto/unwrap.js';
import type { Operation } from '../operation.js';
import { states, wrongOrigin } from '../world/states.js';

const validFor = 24 * 60 * 60 * 1000;

export const getParametersForImport: Operation<GetParametersForImportRequest, GetParametersForImportResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'key', states: states.importParameters },
  async do({ world, key, request }) {
    const { origin, spec } = key.shared;
    if (origin !== 'EXTERNAL') throw wrongOrigin(key.arn, origin);
    const { WrappingAlgorithm: algorithm, WrappingKeySpec: wrappingSpec } = request;
    checkWrapping(spec, algorithm, wrappingSpec);
    const privateKey = await newRsaKey(wrappingSpec as RsaSpec);
    const validTo = world.now + validFor;
    return {
      KeyId: key.arn,
      ImportToken: sealToken(key, { algorithm, privateKey, validTo }),
      PublicKey: await publicHalf(wrappingSpec as RsaSpec, privateKey),
      ParametersValidTo: new Date(validTo),
    };
  },
};
