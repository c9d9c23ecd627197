import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import { createOwnedKey } from '../kms/own.js';
import { passingTag } from '../kms/tags.js';
import type { OwnKey, OwnOptions } from './own.js';

/** The shortest waiting period that AWS allows. */
const days = 7;

/**
 * Make a key for what `use` does, and schedule its deletion afterwards: a key whose deletion is scheduled is not billed (AWS KMS
 * pricing), and its tags tell `cleanup --undo` not to give it back. `onLeft` is told of a key whose deletion could not be scheduled; its tags lead cleanup to it.
 */
export async function passingKey<Result>(
  { kmsIn, region, note }: OwnOptions,
  alias: string,
  input: CreateKeyRequest,
  use: (key: OwnKey) => Promise<Result>,
  onLeft: (key: OwnKey) => void,
): Promise<Result> {
  const kms = kmsIn(region);
  const key = await createOwnedKey(kms, { ...input, Tags: [...(input.Tags ?? []), passingTag] }, alias);
  const end = async () => {
    try {
      await kms.scheduleKeyDeletion({ KeyId: key.KeyId, PendingWindowInDays: days });
    } catch (error) {
      onLeft(key);
      throw error;
    }
  };
  let result: Result;
  try {
    result = await use(key);
  } catch (error) {
    await end().catch(() => {}); // what went wrong first is told
    throw error;
  }
  await end();
  note(`${key.KeyId} was made for this step alone: its deletion is scheduled, and until then it costs nothing`);
  return result;
}
