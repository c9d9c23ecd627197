import type { KeyLastUsageTrackingOperation } from '@aws-sdk/client-kms';
import type { Place } from '../arn.js';
import type { Store } from '../store/store.js';
import type { Instant } from '../world/records.js';

/** The last successful cryptographic use of a key in its Region. */
export interface LastUsage {
  operation: KeyLastUsageTrackingOperation;
  time: Instant;
  eventId: string;
  requestId: string;
}

/** The operations that count; a table, so that a misspelt one does not compile. */
const counted: Readonly<Record<KeyLastUsageTrackingOperation, true>> = {
  Decapsulate: true,
  Decrypt: true,
  DeriveSharedSecret: true,
  Encapsulate: true,
  Encrypt: true,
  GenerateDataKey: true,
  GenerateDataKeyPair: true,
  GenerateDataKeyPairWithoutPlaintext: true,
  GenerateDataKeyWithoutPlaintext: true,
  GenerateMac: true,
  ReEncrypt: true,
  Sign: true,
  Verify: true,
  VerifyMac: true,
};

export const isUse = (operation: string): operation is KeyLastUsageTrackingOperation =>
  Object.hasOwn(counted, operation);

/** Operations whose answer, or whose policies' conditions, depend on when a key was last used. */
export const asksForUsage: ReadonlySet<string> = new Set(['GetKeyLastUsage', 'DisableKey', 'ScheduleKeyDeletion']);

const path = ({ account, region }: Place, id: string) => `used/${account}/${region}/${id}`;

export function lastUsage(store: Store, place: Place, id: string): LastUsage | undefined {
  return store.get<LastUsage>(path(place, id));
}

/** Inside a write. */
export function putLastUsage(store: Store, place: Place, id: string, usage: LastUsage): void {
  store.put(path(place, id), usage);
}

/** Inside a write: the key is gone. */
export function forgetUsage(store: Store, place: Place, id: string): void {
  store.remove(path(place, id));
}
