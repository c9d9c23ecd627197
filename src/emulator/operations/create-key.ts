import { randomBytes, randomUUID } from 'node:crypto';
import type { CreateKeyRequest, CreateKeyResponse, KeySpec } from '@aws-sdk/client-kms';
import { checkKeyPolicy, defaultKeyPolicy } from '../authz/key-policy.js';
import { Fault } from '../fault.js';
import type { Call, Checked, Operation } from '../operation.js';
import { metadataOf } from '../world/metadata.js';
import type { SharedRecord } from '../world/records.js';
import { withTags } from '../world/tags.js';

const unsupported = (what: string) =>
  new Fault('UnsupportedOperationException', `The embedded AWS does not support ${what} yet.`);

function specOf({ KeySpec, CustomerMasterKeySpec }: Checked<CreateKeyRequest>): KeySpec {
  if (KeySpec && CustomerMasterKeySpec) {
    const message =
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.';
    throw new Fault('ValidationException', message);
  }
  return KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
}

function check(request: Checked<CreateKeyRequest>): void {
  const { CustomKeyStoreId, Origin = 'AWS_KMS', KeyUsage = 'ENCRYPT_DECRYPT' } = request;
  const spec = specOf(request);
  if (CustomKeyStoreId !== undefined) throw new Fault('CustomKeyStoreNotFoundException', '');
  if (spec !== 'SYMMETRIC_DEFAULT') throw unsupported(`KeySpec ${spec}`);
  if (Origin !== 'AWS_KMS') throw unsupported(`Origin ${Origin}`);
  if (KeyUsage !== 'ENCRYPT_DECRYPT') {
    throw new Fault('ValidationException', `KeyUsage ${KeyUsage} is not compatible with KeySpec ${spec}`);
  }
}

function shared({ world, request }: Call<CreateKeyRequest>): SharedRecord {
  const { account, region } = world.place;
  const multiRegion = request.MultiRegion ?? false;
  return {
    account,
    id: multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
    spec: specOf(request),
    usage: request.KeyUsage ?? 'ENCRYPT_DECRYPT',
    origin: request.Origin ?? 'AWS_KMS',
    multiRegion,
    primaryRegion: region,
    regions: [region],
    materials: [{ id: randomBytes(32).toString('hex'), secret: randomBytes(32), created: world.now }],
  };
}

export const createKey: Operation<CreateKeyRequest, CreateKeyResponse> = {
  changes: true,
  check,
  do(call) {
    const { world, request, caller } = call;
    const record = shared(call);
    world.putShared(record);
    world.putKey({
      ...world.place,
      id: record.id,
      state: 'Enabled',
      created: world.now,
      description: request.Description ?? '',
      policy: request.Policy ?? defaultKeyPolicy(world.place),
      tags: withTags([], request.Tags ?? []),
    });
    const key = world.made(record.id);
    if (request.Policy !== undefined) checkKeyPolicy(key, caller, request.BypassPolicyLockoutSafetyCheck ?? false);
    return { KeyMetadata: metadataOf(key) };
  },
};
