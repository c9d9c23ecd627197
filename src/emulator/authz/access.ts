import type { GrantRecord } from '../world/grants.js';
import type { Instant, Key } from '../world/records.js';
import type { World } from '../world/world.js';
import type { Caller } from './caller.js';

/** Where a request came from, as policies ask. */
export interface From {
  sourceIp: string;
  userAgent: string;
}

/** One question: may this caller do this with that? */
export interface Access {
  caller: Caller;
  /** `kms:Encrypt`. */
  action: string;
  /** The ARN of the key or alias; `*` where the action is on none. */
  resource: string;
  /** The key whose policy and grants have a say; absent where identity policies alone decide. */
  key?: Key | undefined;
  /** The other of two keys: ReEncrypt's, an alias's. */
  other?: Key | undefined;
  /** The key that ReplicateKey copies, where it asks for kms:CreateKey in the replica's Region. */
  replicaOf?: Key | undefined;
  /** The alias by which the key was called: `alias/…`. */
  alias?: string | undefined;
  operation: string;
  request: object;
  region: string;
  /** Absent outside KMS. */
  world?: World | undefined;
  /** Grants whose tokens the request carries. */
  granted?: readonly GrantRecord[];
  /** The world's time, where there is no world. */
  time?: Instant;
  from?: From | undefined;
}
