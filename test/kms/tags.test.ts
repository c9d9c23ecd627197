import { describe, expect, it } from 'vitest';
import { ownershipOf, sameOwner, tagsOf, tagValue } from '../../src/kms/tags.js';
import { alias, ownership } from './scripted.js';

const created = '2026-11-24T10:00:00.000Z';
const ours = tagsOf(ownership, alias, created);
const ownedBy = (owner: string) => ownershipOf(tagsOf({ ...ownership, owner }, alias, created));

describe('Ownership tags', () => {
  it('tell back what they were made of', () => {
    expect(ownershipOf([{ TagKey: 'other', TagValue: 'x' }, ...ours])).toEqual({ ...ownership, alias, created });
  });

  it.each(ours.map((tag) => [tag.TagKey, tag] as const))('say nothing without %s', (_key, missing) => {
    expect(ownershipOf(ours.filter((tag) => tag !== missing))).toBeUndefined();
  });

  it.each(ours.map((tag) => [tag.TagKey, tag] as const))('say nothing when %s is not well-formed', (_key, wrong) => {
    expect(ownershipOf(ours.map((tag) => (tag === wrong ? { ...tag, TagValue: '=21?' } : tag)))).toBeUndefined();
  });

  it.each([
    'arn:aws:sts::111122223333:assumed-role/Ops/jane,doe=1@example.com',
    'unknown',
    'arn:aws:iam::111122223333:root',
  ])('carry the owner %s in letters that KMS allows', (owner) => {
    expect(tagValue(owner)).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
    expect(ownedBy(owner)?.owner).toBe(owner);
  });

  it('know an owner again whose ARN is longer than a tag', () => {
    const long = `arn:aws:iam::111122223333:user/${'path/'.repeat(80)}jane`;
    const owned = ownedBy(long);
    expect(tagValue(long)).toHaveLength(256);
    expect(owned && sameOwner(owned, long)).toBe(true);
    expect(owned && sameOwner(owned, `${long}2`)).toBe(false);
  });
});
