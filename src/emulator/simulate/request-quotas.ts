import type { KeySpec } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { OperationName } from '../operation.js';
import type { Instant } from '../world/records.js';

/** A request quota: operations with the same `name` share it. */
export interface RequestQuota {
  name: string;
  /** Requests that are answered per second, in one account and Region. */
  perSecond: number;
}

/** What decides which quota a request draws on. */
export interface Charged {
  operation: OperationName;
  region: string;
  /** The spec of the key it uses, where there is one. */
  keySpec?: KeySpec | undefined;
  /** The spec of the data key pair it makes. */
  pairSpec?: string | undefined;
}

/** Each operation's own quota. Source of all figures: "Request quotas" (docs.aws.amazon.com/kms/latest/developerguide/requests-per-second.html). */
const own: Readonly<Partial<Record<OperationName, number>>> = {
  GetParametersForImport: 1,
  ...each(5, 'CancelKeyDeletion', 'CreateAlias', 'CreateKey', 'DisableKey', 'DisableKeyRotation', 'EnableKey'),
  ...each(5, 'GetKeyLastUsage', 'ReplicateKey', 'RotateKeyOnDemand', 'UntagResource', 'UpdateAlias'),
  ...each(5, 'UpdateKeyDescription', 'UpdatePrimaryRegion', 'ConnectCustomKeyStore', 'CreateCustomKeyStore'),
  ...each(5, 'DeleteCustomKeyStore', 'DescribeCustomKeyStores', 'DisconnectCustomKeyStore', 'UpdateCustomKeyStore'),
  TagResource: 10,
  ...each(15, 'DeleteAlias', 'DeleteImportedKeyMaterial', 'EnableKeyRotation', 'ImportKeyMaterial', 'PutKeyPolicy'),
  ScheduleKeyDeletion: 15,
  ...each(50, 'CreateGrant', 'RetireGrant', 'RevokeGrant'),
  ...each(100, 'ListGrants', 'ListKeyPolicies', 'ListKeyRotations', 'ListRetirableGrants'),
  ...each(500, 'ListAliases', 'ListKeys'),
  ...each(1000, 'GetKeyPolicy', 'GetKeyRotationStatus'),
  ...each(2000, 'DescribeKey', 'GetPublicKey', 'ListResourceTags'),
};

function each(perSecond: number, ...names: OperationName[]): Partial<Record<OperationName, number>> {
  return Object.fromEntries(names.map((name) => [name, perSecond]));
}

const fastest = new Set(['us-east-1', 'us-west-2', 'eu-west-1']);
const fast = new Set([
  ...['us-east-2', 'ap-southeast-1', 'ap-southeast-2', 'ap-northeast-1', 'eu-central-1', 'eu-west-2'],
]);

function symmetric(region: string): RequestQuota {
  const perSecond = fastest.has(region) ? 100_000 : fast.has(region) ? 20_000 : 10_000;
  return { name: 'Cryptographic operations (symmetric)', perSecond };
}

/** Data key pairs: RSA by its size, elliptic curves alike; made one after another. */
function pairs(spec: string): RequestQuota {
  const perSecond = { RSA_2048: 20, RSA_3072: 4, RSA_4096: 1, SM2: 25 }[spec] ?? 100;
  return { name: `GenerateDataKeyPair (${spec})`, perSecond };
}

/** The quota that a request draws on. Those that the guide does not list (ML-KEM) count as the other asymmetric ones do. */
export function quotaOf({ operation, region, keySpec = 'SYMMETRIC_DEFAULT', pairSpec }: Charged): RequestQuota {
  const perSecond = own[operation];
  if (perSecond !== undefined) return { name: operation, perSecond };
  if (pairSpec !== undefined) return pairs(pairSpec);
  if (keySpec.startsWith('RSA')) return { name: 'Cryptographic operations (RSA)', perSecond: 1000 };
  if (/^(ECC|SM2)/.test(keySpec)) return { name: 'Cryptographic operations (ECC)', perSecond: 1000 };
  if (keySpec.startsWith('ML_')) return { name: `Cryptographic operations (${keySpec.slice(0, 6)})`, perSecond: 1000 };
  return symmetric(region);
}

/** Everything a request draws on: what works in two Regions draws on both. */
export function chargesOf(
  charged: Charged,
  request: Readonly<Record<string, unknown>>,
): (Charged & { units: number })[] {
  const here = { ...charged, units: 1 };
  const { ReplicaRegion, PrimaryRegion } = request;
  if (charged.operation === 'ReplicateKey' && typeof ReplicaRegion === 'string') {
    return [here, { operation: 'CreateKey', region: ReplicaRegion, units: 2 }];
  }
  if (charged.operation === 'UpdatePrimaryRegion' && typeof PrimaryRegion === 'string') {
    return [here, { ...here, region: PrimaryRegion }];
  }
  return [here];
}

/** The refusal in AWS's words (docs.aws.amazon.com/kms/latest/developerguide/throttling.html). */
export function throttled(): Fault {
  const message = 'You have exceeded the rate at which you may call KMS. Reduce the frequency of your calls.';
  return new Fault('ThrottlingException', message);
}

interface Bucket {
  tokens: number;
  filled: Instant;
}

/** A bucket of tokens per account, Region and quota: a second's worth fits in, and flows in again within a second. */
export class Buckets {
  readonly #buckets = new Map<string, Bucket>();

  /** Take `units` from a bucket, or nothing and `false` when there are fewer. */
  take(owner: string, { name, perSecond }: RequestQuota, now: Instant, units = 1): boolean {
    const key = `${owner}/${name}`;
    // A quota below the units of one request would never let it pass.
    const size = Math.max(perSecond, units);
    const { tokens, filled } = this.#buckets.get(key) ?? { tokens: size, filled: now };
    const available = Math.min(size, tokens + (Math.max(0, now - filled) / 1000) * perSecond);
    const enough = available >= units;
    this.#buckets.set(key, { tokens: enough ? available - units : available, filled: now });
    return enough;
  }
}
