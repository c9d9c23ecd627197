import type {
  DecryptCommandInput,
  DecryptResponse,
  DescribeKeyCommandInput,
  DescribeKeyResponse,
  EnableKeyRotationCommandInput,
  EncryptCommandInput,
  EncryptResponse,
  GetKeyRotationStatusCommandInput,
  GetKeyRotationStatusResponse,
  KMS,
  ListKeyRotationsCommandInput,
  ListKeyRotationsResponse,
  ListResourceTagsCommandInput,
  ListResourceTagsResponse,
  ReEncryptCommandInput,
  ReEncryptResponse,
  ReplicateKeyCommandInput,
  ReplicateKeyResponse,
  RotateKeyOnDemandCommandInput,
  RotateKeyOnDemandResponse,
  UpdatePrimaryRegionCommandInput,
} from '@aws-sdk/client-kms';
import { Fault } from '../../src/emulator/fault.js';
import { failed, ok } from '../../src/emulator/wire/protocol.js';
import type { Between } from './room.js';

/** A KMS that answers some operations as it should not; `kms` is the honest one behind it. */
export interface Lie {
  Encrypt?(kms: KMS, input: EncryptCommandInput): Promise<EncryptResponse>;
  Decrypt?(kms: KMS, input: DecryptCommandInput): Promise<DecryptResponse>;
  ReEncrypt?(kms: KMS, input: ReEncryptCommandInput): Promise<ReEncryptResponse>;
  DescribeKey?(kms: KMS, input: DescribeKeyCommandInput): Promise<DescribeKeyResponse>;
  EnableKeyRotation?(kms: KMS, input: EnableKeyRotationCommandInput): Promise<object>;
  GetKeyRotationStatus?(kms: KMS, input: GetKeyRotationStatusCommandInput): Promise<GetKeyRotationStatusResponse>;
  ListKeyRotations?(kms: KMS, input: ListKeyRotationsCommandInput): Promise<ListKeyRotationsResponse>;
  ListResourceTags?(kms: KMS, input: ListResourceTagsCommandInput): Promise<ListResourceTagsResponse>;
  ReplicateKey?(kms: KMS, input: ReplicateKeyCommandInput): Promise<ReplicateKeyResponse>;
  RotateKeyOnDemand?(kms: KMS, input: RotateKeyOnDemandCommandInput): Promise<RotateKeyOnDemandResponse>;
  UpdatePrimaryRegion?(kms: KMS, input: UpdatePrimaryRegionCommandInput): Promise<object>;
}

const blobs = ['Plaintext', 'CiphertextBlob'];

/** The members of a request with bytes where the wire has base64. */
function decoded(input: Record<string, unknown>): never {
  const pairs = Object.entries(input).map(([name, value]) =>
    blobs.includes(name) ? [name, Buffer.from(String(value), 'base64')] : [name, value],
  );
  return Object.fromEntries(pairs) as never;
}

/** Stand between a lab and its KMS, and lie. `kms` may be one for each Region. */
export function liar(kms: KMS | ((region: string) => KMS), lie: Lie): Between {
  return async ({ operation, input, region, pass }) => {
    const answer = lie[operation as keyof Lie]?.bind(lie);
    if (!answer) return await pass();
    try {
      const honest = typeof kms === 'function' ? kms(region) : kms;
      const { $metadata, ...reply } = (await answer(honest, decoded(input))) as { $metadata?: unknown };
      return ok(reply, 'a-lie');
    } catch (error) {
      const { name, message } = error as Error;
      return failed(new Fault(name, message), 'a-lie');
    }
  };
}
