import type { KeyMetadata, KMS, ServiceOutputTypes, Tag } from '@aws-sdk/client-kms';
import { findReplica, findTagged, type Search } from './find.js';
import type { Made } from './made.js';
import { type CallMiddleware, isLost, isThrottled, operationOf, troubleOf } from './middleware.js';
import { creates } from './retry.js';
import { tagKeys } from './tags.js';
import { pause, type Waiting } from './wait.js';

export interface OnceOptions extends Waiting {
  region: string;
  made: Made;
  /** A client without this room's middleware. */
  bare(region: string): KMS;
  /** Whether the error came from the wire. */
  wasSent(error: unknown): boolean;
}

/** What CreateKey and ReplicateKey are asked, as far as it matters here. */
interface Asked {
  KeyId?: string;
  ReplicaRegion?: string;
  Tags?: Tag[];
}

/**
 * A key is made once. When the answer to CreateKey or ReplicateKey is lost, the request is not sent again: the key is looked
 * for by its tags, and adopted. When it does not turn up, the error stands.
 */
export function once(options: OnceOptions): CallMiddleware {
  return (next, context) => async (args) => {
    const operation = operationOf(context);
    if (!creates.has(operation)) return next(args);
    try {
      return await next(args);
    } catch (error) {
      if (!options.wasSent(error) || !isLost(error)) throw error;
      const key = await adopt(options, operation, args.input as Asked);
      if (!key) throw error;
      return { response: undefined, output: answer(operation, key, args.input as Asked, error) };
    }
  };
}

async function adopt(options: OnceOptions, operation: string, asked: Asked): Promise<KeyMetadata | undefined> {
  const { region, made, bare } = options;
  const tags = (asked.Tags ?? []).filter(({ TagKey }) => Object.values<string>(tagKeys).includes(TagKey ?? ''));
  const search: Search = {
    kms: bare(asked.ReplicaRegion ?? region),
    tags,
    foreign: new Set(operation === 'CreateKey' ? made.keys.map(({ keyId }) => keyId) : []),
  };
  const started = options.now();
  for (let attempt = 0; ; attempt++) {
    try {
      const found = await (operation === 'CreateKey' ? findTagged(search) : findReplica(search, asked.KeyId ?? ''));
      if (found) return found;
    } catch (error) {
      if (!passing(error)) return undefined;
    }
    const what = `${region}: the answer to ${operation} was lost, looking for the key by its tags`;
    if (!(await pause(options, what, started, attempt))) return undefined;
  }
}

/** A failed look that is worth another: the network, throttling, or a key that is not known everywhere yet. */
function passing(error: unknown): boolean {
  const { name, $metadata } = troubleOf(error);
  if (error instanceof SyntaxError && $metadata) return false; // it answers, but is no KMS
  return isLost(error) || isThrottled(error) || name === 'NotFoundException' || name === 'KMSInvalidStateException';
}

/** The answer as AWS would have given it, as far as it can be known (ReplicaPolicy can't). */
function answer(operation: string, key: KeyMetadata, asked: Asked, error: unknown): ServiceOutputTypes {
  const $metadata = { ...troubleOf(error).$metadata };
  if (operation === 'CreateKey') return { $metadata, KeyMetadata: key };
  return { $metadata, ReplicaKeyMetadata: key, ReplicaTags: asked.Tags ?? [] };
}
