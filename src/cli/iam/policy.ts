import { tagKeys } from '../../kms/tags.js';
import { aliasName } from '../../lab/own.js';
import type { Partition } from '../../regions.js';
import type { Permission } from './permissions.js';

/** A statement of an identity policy (IAM User Guide, "IAM JSON policy elements reference"). */
interface Statement {
  Sid: string;
  Effect: 'Allow';
  Action: string[];
  Resource?: string | string[];
  NotResource?: string;
  Condition?: { StringEquals: Record<string, string> };
}

export interface Policy {
  Version: '2012-10-17';
  Statement: Statement[];
}

export interface PolicyOptions {
  partition: Partition;
  /** Only keys that bear this namespace in their tags, and only aliases with this namespace in their names. */
  namespace?: string | undefined;
  /** The ARNs of roles that may be assumed, in place of those that labs assume on the embedded KMS. */
  roles?: readonly string[] | undefined;
}

/** Characters that a managed policy may have; white space does not count (IAM User Guide, "IAM and AWS STS quotas"). */
export const managedPolicyLimit = 6144;

/** As IAM counts it: no statement of ours has a blank in a text. */
export const lengthOf = (policy: Policy): number => JSON.stringify(policy).length;

/** The policy that allows this and nothing else. */
export function policyFor(permissions: readonly Permission[], options: PolicyOptions): Policy {
  const writers = [...making(options), keys(options), aliases(options), onNothing, assuming(options), serving(options)];
  return { Version: '2012-10-17', Statement: writers.flatMap((write) => write(permissions)) };
}

type Writer = (permissions: readonly Permission[]) => Statement[];

const distinct = (texts: readonly string[]) => [...new Set(texts)].sort();
const actionsOf = (permissions: readonly Permission[]) => distinct(permissions.map(({ action }) => action));

/** A statement about those permissions that `takes` takes; none when there are none. */
function allowing(
  Sid: string,
  takes: (permission: Permission) => boolean,
  rest: (taken: readonly Permission[]) => Pick<Statement, 'Resource' | 'NotResource' | 'Condition'>,
): Writer {
  return (permissions) => {
    const taken = permissions.filter(takes);
    return taken.length === 0 ? [] : [{ Sid, Effect: 'Allow', Action: actionsOf(taken), ...rest(taken) }];
  };
}

const tagged = (whose: 'aws:RequestTag' | 'aws:ResourceTag', namespace: string) => ({
  Condition: { StringEquals: { [`${whose}/${tagKeys.namespace}`]: namespace } },
});

/**
 * CreateKey has no resource, and tags within it are allowed by a policy on all keys ("Managing KMS key tags with API operations"
 * in the Developer Guide). So is TagResource on a key that exists: with a condition on the tags of the request alone, anybody
 * could tag anybody's key as their own. The ids of keys that exist have a hyphen, by which NotResource takes them out.
 */
function making({ namespace, partition }: PolicyOptions): Writer[] {
  const isNew = ({ on }: Permission) => on === 'new-key';
  if (namespace === undefined) return [allowing('MakeKeysWithTags', isNew, () => ({ Resource: '*' }))];
  const condition = tagged('aws:RequestTag', namespace);
  const tags = (permission: Permission) => isNew(permission) && permission.action === 'kms:TagResource';
  const others = (permission: Permission) => isNew(permission) && !tags(permission);
  return [
    allowing('MakeKeysOfTheNamespace', others, () => ({ Resource: '*', ...condition })),
    allowing('TagKeysOnlyAsTheyAreMade', tags, () => ({
      NotResource: `arn:${partition}:kms:*:*:key/*-*`,
      ...condition,
    })),
  ];
}

const keys = ({ namespace, partition }: PolicyOptions): Writer =>
  allowing(
    namespace === undefined ? 'WorkOnKeys' : 'WorkOnKeysOfTheNamespace',
    ({ on }) => on === 'key',
    () => ({
      Resource: `arn:${partition}:kms:*:*:key/*`,
      ...(namespace !== undefined && tagged('aws:ResourceTag', namespace)),
    }),
  );

/**
 * An alias has no tags and takes no conditions, only an ARN ("Controlling access to aliases"). The key that it leads to is asked
 * for as well. In a namespace each name is spelt out: a pattern for `ann` would take in the names of `ann-marie`.
 */
function aliases({ namespace, partition }: PolicyOptions): Writer {
  const arn = (name: string) => `arn:${partition}:kms:*:*:${name}`;
  const isAlias = ({ on }: Permission) => on.startsWith('alias/');
  if (namespace === undefined) return allowing('NameKeys', isAlias, () => ({ Resource: arn('alias/kms-lab-*') }));
  return (permissions) => {
    const names = distinct(permissions.filter(isAlias).map(({ on }) => on));
    const groups = new Map<string, string[]>();
    for (const name of names) {
      const actions = actionsOf(permissions.filter(({ on }) => on === name)).join();
      groups.set(actions, [...(groups.get(actions) ?? []), aliasName(namespace, name.slice('alias/'.length))]);
    }
    return [...groups].map(([actions, named], at) => ({
      Sid: `NameKeys${at === 0 ? '' : at + 1}`,
      Effect: 'Allow',
      Action: actions.split(','),
      Resource: named.map(arn),
    }));
  };
}

const onNothing: Writer = allowing(
  'AskWhatIsOnNoKey',
  ({ on }) => on === '*',
  () => ({ Resource: '*' }),
);

const isRole = ({ on }: Permission) => on.startsWith('role/');
const rolesOf = (taken: readonly Permission[], partition: Partition) =>
  distinct(taken.map(({ on }) => `arn:${partition}:iam::*:${on}`));

const assuming = ({ partition, roles }: PolicyOptions): Writer =>
  allowing(
    'AssumeRolesOfTheLab',
    (permission) => isRole(permission) && permission.action === 'sts:AssumeRole',
    (taken) => ({ Resource: roles ? distinct(roles) : rolesOf(taken, partition) }),
  );

/** The role by which KMS keeps multi-Region keys alike. */
const serving = ({ partition }: PolicyOptions): Writer =>
  allowing(
    'LetKmsSynchroniseMultiRegionKeys',
    (permission) => isRole(permission) && permission.action !== 'sts:AssumeRole',
    (taken) => ({ Resource: rolesOf(taken, partition) }),
  );
