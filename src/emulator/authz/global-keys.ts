import type { Tag } from '@aws-sdk/client-kms';
import type { Access } from './access.js';
import { principalOf } from './principal.js';
import { absent, type FamilyReader, type Reader, valuesFrom } from './values.js';

const now = ({ time, world }: Access) => time ?? world?.now;

/** Tags that a request brings: CreateKey's, TagResource's, ReplicateKey's. */
function requestTags({ request }: Access): readonly Tag[] {
  const { Tags = [] } = request as { Tags?: Tag[] };
  return Tags;
}

function requestTagKeys(access: Access): string[] {
  const { TagKeys = [] } = access.request as { TagKeys?: string[] };
  return [...requestTags(access).map(({ TagKey }) => TagKey ?? ''), ...TagKeys];
}

const tag = (tags: readonly Tag[], name: string) =>
  tags.filter(({ TagKey }) => TagKey?.toLowerCase() === name).map(({ TagValue }) => TagValue ?? '');

/**
 * Global condition keys → how they are read ("AWS global condition context keys" in the IAM User Guide). Keys about
 * organisations, networks and services that call for somebody are absent here: nothing has them.
 */
export const globalKeys: Readonly<Record<string, Reader>> = {
  'aws:CurrentTime': (access) => {
    const time = now(access);
    return time === undefined ? absent : [new Date(time).toISOString()];
  },
  'aws:EpochTime': (access) => {
    const time = now(access);
    return time === undefined ? absent : [String(Math.floor(time / 1000))];
  },
  'aws:PrincipalAccount': ({ caller }) => [caller.account],
  'aws:PrincipalArn': ({ caller }) => [principalOf(caller).arn],
  'aws:PrincipalIsAWSService': () => ['false'],
  'aws:PrincipalType': ({ caller }) => [principalOf(caller).type],
  'aws:RequestedRegion': ({ region }) => [region],
  'aws:ResourceAccount': ({ key }) => valuesFrom(key?.account),
  // KMS has no endpoint without TLS: whatever carried a request here, policies are to be read as they would be there.
  'aws:SecureTransport': () => ['true'],
  'aws:SourceIp': ({ from }) => valuesFrom(from?.sourceIp),
  'aws:TagKeys': requestTagKeys,
  'aws:UserAgent': ({ from }) => valuesFrom(from?.userAgent),
  'aws:ViaAWSService': () => ['false'],
  'aws:userid': ({ caller }) => [caller.userId],
  'aws:username': ({ caller }) => valuesFrom(principalOf(caller).userName),
};

/** A role or user has no tags here: aws:PrincipalTag is a session's. */
export const globalPrefixes: Readonly<Record<string, FamilyReader>> = {
  'aws:PrincipalTag/': ({ caller }, name) =>
    Object.entries(caller.session?.tags ?? {}).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : [])),
  'aws:RequestTag/': (access, name) => tag(requestTags(access), name),
  'aws:ResourceTag/': ({ key }, name) => tag(key?.tags ?? [], name),
};
