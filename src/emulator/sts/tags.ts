import type { Caller } from '../authz/caller.js';
import { Fault } from '../fault.js';

/** The tags of a session to be, and which of them its successors inherit. */
export interface SessionTags {
  tags: Record<string, string>;
  transitive: string[];
}

const wrong = (message: string) => new Fault('InvalidParameterValue', message);
const same = (a: string) => (b: string) => a.toLowerCase() === b.toLowerCase();

/**
 * Session tags: those passed, and the transitive ones of the session that asks. Keys differ by more than their case
 * ("Pass session tags in AWS STS", IAM User Guide).
 */
export function sessionTags(
  caller: Caller,
  passed: readonly { Key: string; Value: string }[] = [],
  transitiveKeys: readonly string[] = [],
): SessionTags {
  const keys = passed.map(({ Key }) => Key);
  if (keys.some((key, at) => keys.slice(0, at).some(same(key)))) {
    throw wrong('Duplicate tag keys found. Please note that Tag keys are case insensitive.');
  }
  if (transitiveKeys.some((key) => !keys.some(same(key)))) {
    throw wrong('The specified transitive tag key must be included in the requested tags.');
  }
  const { tags: before = {}, transitive: inherited = [] } = caller.session ?? {};
  if (keys.some((key) => inherited.some(same(key)))) {
    throw wrong(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from the calling session.",
    );
  }
  const kept = inherited.map((key) => [key, before[key] as string] as const);
  return {
    tags: Object.fromEntries([...kept, ...passed.map(({ Key, Value }) => [Key, Value] as const)]),
    transitive: [...inherited, ...keys.filter((key) => transitiveKeys.some(same(key)))],
  };
}
