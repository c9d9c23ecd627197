import { randomBytes, randomUUID } from 'node:crypto';
import type { CreateKeyRequest, CreateKeyResponse, KeySpec, KeyUsageType } from '@aws-sdk/client-kms';
import { checkKeyPolicy, defaultKeyPolicy } from '../authz/key-policy.js';
import { isImportable } from '../crypto/imported.js';
import { newSecret } from '../crypto/new-secret.js';
import { isUsageOf } from '../crypto/specs.js';
import { customKeyStoreNotFound } from '../custom-key-store.js';
import { Fault } from '../fault.js';
import type { Call, Checked, Operation } from '../operation.js';
import { metadataOf } from '../world/metadata.js';
import type { SharedRecord } from '../world/records.js';
import { generated } from '../world/rotation.js';
import { checkTags, withTags } from '../world/tags.js';

const refuse = (message: string) => new Fault('ValidationException', message);

function specOf({ KeySpec, CustomerMasterKeySpec }: Checked<CreateKeyRequest>): KeySpec {
  if (KeySpec && CustomerMasterKeySpec) {
    throw refuse(
      'You cannot specify KeySpec and CustomerMasterKeySpec in the same request. CustomerMasterKeySpec is deprecated.',
    );
  }
  return KeySpec ?? CustomerMasterKeySpec ?? 'SYMMETRIC_DEFAULT';
}

function usageOf(request: Checked<CreateKeyRequest>): KeyUsageType {
  const spec = specOf(request);
  if (request.KeyUsage !== undefined) return request.KeyUsage;
  if (spec === 'SYMMETRIC_DEFAULT') return 'ENCRYPT_DECRYPT';
  throw refuse('You must specify a KeyUsage value for all KMS keys except for symmetric encryption keys.');
}

/** What there is none of here: custom key stores, and SM2, which AWS offers in China Regions only. */
function checkSupported({ CustomKeyStoreId, Origin, XksKeyId }: Checked<CreateKeyRequest>, spec: KeySpec): void {
  if (CustomKeyStoreId !== undefined) throw customKeyStoreNotFound(CustomKeyStoreId);
  const unsupported =
    Origin === 'AWS_CLOUDHSM' || Origin === 'EXTERNAL_KEY_STORE' || XksKeyId !== undefined
      ? 'KMS keys in custom key stores'
      : spec === 'SM2' && 'KeySpec SM2';
  if (unsupported) {
    throw new Fault('UnsupportedOperationException', `The embedded AWS does not support ${unsupported}.`);
  }
}

function check(request: Checked<CreateKeyRequest>): void {
  const spec = specOf(request);
  checkSupported(request, spec);
  const usage = usageOf(request);
  if (!isUsageOf(spec, usage)) throw refuse(`KeyUsage ${usage} is not compatible with KeySpec ${spec}`);
  if (request.Origin === 'EXTERNAL' && !isImportable(spec)) {
    throw new Fault('UnsupportedOperationException', `Origin EXTERNAL is not supported for KeySpec ${spec}.`);
  }
}

/** The key's first material; `secret` was made beforehand, or will be imported. */
function shared({ world, request, prepared: secret }: Call<CreateKeyRequest, Uint8Array | undefined>): SharedRecord {
  const { account, region } = world.place;
  const multiRegion = request.MultiRegion ?? false;
  return {
    account,
    id: multiRegion ? `mrk-${randomBytes(16).toString('hex')}` : randomUUID(),
    spec: specOf(request),
    usage: usageOf(request),
    origin: request.Origin ?? 'AWS_KMS',
    multiRegion,
    primaryRegion: region,
    regions: [region],
    ...(secret ? { materials: [generated(secret, world.now)] } : { materials: [], importSecret: randomBytes(32) }),
  };
}

export const createKey: Operation<CreateKeyRequest, CreateKeyResponse, Uint8Array | undefined> = {
  changes: true,
  check,
  async prepare(request) {
    checkTags(request.Tags ?? []);
    return request.Origin === 'EXTERNAL' ? undefined : newSecret(specOf(request));
  },
  do(call) {
    const { world, request, caller, from } = call;
    const record = shared(call);
    world.putShared(record);
    world.putKey({
      ...world.place,
      id: record.id,
      state: record.origin === 'EXTERNAL' ? 'PendingImport' : 'Enabled',
      created: world.now,
      description: request.Description ?? '',
      policy: request.Policy ?? defaultKeyPolicy(world.place),
      tags: withTags([], request.Tags ?? []),
    });
    const key = world.made(record.id);
    const { Policy, BypassPolicyLockoutSafetyCheck: bypass = false } = request;
    if (Policy !== undefined) checkKeyPolicy(key, caller, bypass, { world, from });
    return { KeyMetadata: metadataOf(key) };
  },
};
