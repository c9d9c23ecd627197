import type { DescribeKeyRequest, DescribeKeyResponse } from '@aws-sdk/client-kms';
import type { Operation } from '../operation.js';
import { metadataOf } from '../world/metadata.js';
import { states } from '../world/states.js';

export const describeKey: Operation<DescribeKeyRequest, DescribeKeyResponse> = {
  changes: false,
  key: { member: 'KeyId', forms: 'any', states: states.anything },
  do: ({ key }) => ({ KeyMetadata: metadataOf(key) }),
};
