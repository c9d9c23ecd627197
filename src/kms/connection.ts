import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { SimulatedWorld } from './simulated.js';

/** How a client reaches its service in one Region: what `src/target` decides and `src/kms` uses. */
export interface Connection {
  /** The SDK client configuration (endpoint, credentials, request handler, retries) for this Region. */
  config(service: 'kms' | 'sts' | 'cloudtrail', region: string): KMSClientConfig;
  /** What an AWS CLI line must carry to reach the same place. */
  cli: { endpointUrl?: string; profile?: string };
  /** Requests are not counted there, unless a simulation does: CloudTrail need not be asked slowly. */
  unmetered?: true;
  /** A throw-away copy of the world in memory, which is thrown away by `close`; the embedded KMS alone has it. */
  simulate?: () => SimulatedWorld;
}

/** What the ownership tags say; see `tags.ts`. */
export interface Ownership {
  lab: string;
  namespace: string;
  run: string;
  /** The caller's ARN, as STS gives it. */
  owner: string;
}

/** One call, as the record middleware saw it end. */
export interface CallRecord {
  service: 'kms' | 'sts' | 'cloudtrail';
  operation: string;
  region: string;
  /** Without passwords; bytes, and what else is sensitive, are `{ bytes: size, sha256: hex }`. */
  input: unknown;
  durationMs: number;
  requestId?: string;
  /** "ok", or the exception's name. */
  outcome: string;
  /** The call went to a throw-away copy of the world: what it made does not exist. */
  simulated?: true;
}
