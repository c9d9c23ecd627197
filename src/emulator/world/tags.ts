import type { Tag } from '@aws-sdk/client-kms';
import { Fault } from '../fault.js';
import type { KeyTag } from './records.js';

/** Tags a key may have; AWS KMS resource quotas. */
const most = 50;

/** Refuse names that AWS keeps to itself: nobody else sets or removes such tags. */
export function checkTagNames(names: readonly string[]): void {
  if (!names.some((name) => /^aws:/i.test(name))) return;
  throw new Fault('TagException', 'aws: prefixed tag key names are not allowed for external use.');
}

/** Refuse tags that AWS does not let anyone set. */
export function checkTags(tags: readonly Tag[]): void {
  const names = tags.map((tag) => tag.TagKey ?? '');
  if (new Set(names).size < names.length) throw new Fault('TagException', 'Duplicate tag keys');
  checkTagNames(names);
  if (tags.length > most) throw new Fault('TagException', 'Too many tags');
}

/** The tags after `added` are put over `existing`, sorted by name. */
export function withTags(existing: readonly KeyTag[], added: readonly Tag[]): KeyTag[] {
  checkTags(added);
  const all = new Map(existing.map((tag) => [tag.TagKey, tag.TagValue]));
  for (const { TagKey = '', TagValue = '' } of added) all.set(TagKey, TagValue);
  if (all.size > most) throw new Fault('LimitExceededException', 'Too many tags');
  const sorted = [...all].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
}
