import type { ReplicateKeyRequest, ReplicateKeyResponse, UpdatePrimaryRegionRequest } from '@aws-sdk/client-kms';
import type { Audited } from './record.js';

/** What ReplicateKey does in the replica's Region, as the CreateKey that it is there. */
function createdIn(call: Audited): Audited {
  const { ReplicaRegion, KeyId: _, ...asked } = call.request as ReplicateKeyRequest;
  const { ReplicaKeyMetadata } = call.reply as ReplicateKeyResponse;
  const { KeySpec, KeyUsage, Origin } = ReplicaKeyMetadata ?? {};
  return {
    ...call,
    operation: 'CreateKey',
    region: String(ReplicaRegion),
    request: { ...asked, KeySpec, KeyUsage, Origin, MultiRegion: true },
    reply: { KeyMetadata: ReplicaKeyMetadata },
    keys: [],
  };
}

/** The promotion as the Region of the other key sees it. */
function promotedIn(call: Audited): Audited {
  const { PrimaryRegion } = call.request as UpdatePrimaryRegionRequest;
  return { ...call, region: String(PrimaryRegion), keys: call.keys.filter(({ region }) => region === PrimaryRegion) };
}

/**
 * The calls that a call is recorded as: what has been done in two Regions is logged in both
 * (docs.aws.amazon.com/kms/latest/developerguide/ct-replicate-key.html and ct-update-primary-region.html).
 */
export function inEachRegion(call: Audited): Audited[] {
  if (call.service !== 'kms' || call.fault || !call.reply) return [call];
  if (call.operation === 'ReplicateKey') return [call, createdIn(call)];
  if (call.operation !== 'UpdatePrimaryRegion') return [call];
  return [{ ...call, keys: call.keys.filter(({ region }) => region === call.region) }, promotedIn(call)];
}
