import type { CreateKeyCommandInput, KeyMetadata, KMS, Tag } from '@aws-sdk/client-kms';
import { LabError } from '../errors.js';
import type { Ownership } from './connection.js';
import { type CallMiddleware, operationOf } from './middleware.js';
import { creates } from './retry.js';
import { aliasTag, tagKeys, tagsOf } from './tags.js';

/**
 * Put the ownership tags into every CreateKey and ReplicateKey, beside the lab's own tags. A key therefore can't exist
 * without them, whatever happens to the answer or to this process.
 * @param created a new ISO 8601 time for each key: with the run it tells one key from another when an answer is lost.
 */
export function own(ownership: Ownership, created: () => string): CallMiddleware {
  return (next, context) => async (args) => {
    const operation = operationOf(context);
    if (!creates.has(operation)) return next(args);
    const theirs = (args.input as { Tags?: Tag[] }).Tags ?? [];
    const alias = theirs.find(({ TagKey }) => TagKey === tagKeys.alias)?.TagValue;
    if (!alias) throw new LabError('bug', `${operation} without the tag ${tagKeys.alias}: which alias is the key for?`);
    const ours = tagsOf(ownership, alias, created());
    const names = new Set(ours.map(({ TagKey }) => TagKey));
    const Tags = [...theirs.filter(({ TagKey }) => !names.has(TagKey)), ...ours];
    return next({ ...args, input: { ...args.input, Tags } as typeof args.input });
  };
}

/** Make a KMS key for an alias name ("alias/kms-lab-symmetric-key"); the client tags it. The alias itself is not made. */
export async function createOwnedKey(
  kms: KMS,
  input: CreateKeyCommandInput,
  alias: string,
): Promise<KeyMetadata & { KeyId: string; Arn: string }> {
  const Tags = [...(input.Tags ?? []).filter(({ TagKey }) => TagKey !== tagKeys.alias), aliasTag(alias)];
  const { KeyMetadata: key } = await kms.createKey({ ...input, Tags });
  if (!key?.KeyId || !key.Arn)
    throw new LabError('unreachable', 'CreateKey was answered without a key: is this a KMS?');
  return { ...key, KeyId: key.KeyId, Arn: key.Arn };
}
