import type { KMSClientConfig } from '@aws-sdk/client-kms';

/** How a client reaches its service in one Region: what `src/target` decides and `src/kms` uses. */
export interface Connection {
  /** The SDK client configuration (endpoint, credentials, request handler, retries) for this Region. */
  config(service: 'kms' | 'sts' | 'cloudtrail', region: string): KMSClientConfig;
  /** What an AWS CLI line must carry to reach the same place. */
  cli: { endpointUrl?: string; profile?: string };
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
  /** Without sensitive members and grant tokens; bytes are `{ bytes: size, sha256: hex }`. */
  input: unknown;
  durationMs: number;
  requestId?: string;
  /** "ok", or the exception's name. */
  outcome: string;
}
