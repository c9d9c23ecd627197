import { createHash } from 'node:crypto';
import { LabError } from '../../errors.js';
import type { Caller } from './caller.js';
import type { Credential } from './sigv4.js';

/** A long-term access key and the identity behind it. */
export interface Identity {
  accessKeyId: string;
  secretAccessKey: string;
  /** `arn:aws:iam::111122223333:user/alice`, or an assumed role's session ARN. */
  arn: string;
  /** Identity policies; empty: only key policies and grants decide. */
  policies: readonly unknown[];
}

/** Identity policies by the ARN of the role that has them. */
export type RolePolicies = Readonly<Record<string, readonly unknown[]>>;

/** The long-term access keys that this process accepts, and what it knows of roles. */
export interface Identities {
  find(accessKeyId: string): Credential | undefined;
  /** The identity policies given for a role; undefined: none were. */
  policiesOf(role: string): readonly unknown[] | undefined;
}

/** What an administrator's identity policy says. */
export const administratorAccess = {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
};

/** `test` / `test`: IAM user `lab` of the account that AWS's documentation uses. */
export const administrator: Identity = {
  accessKeyId: 'test',
  secretAccessKey: 'test',
  arn: 'arn:aws:iam::111122223333:user/lab',
  policies: [administratorAccess],
};

const arnForm =
  /^arn:aws[a-z-]*:(?:iam|sts)::(\d{12}):(root|user\/.+|role\/.+|assumed-role\/[^/]+\/[^/]+|federated-user\/.+)$/;

/** A unique id in IAM's form. It follows from the ARN, so that every process gives the same. */
export function uniqueId(prefix: 'AIDA' | 'AROA', arn: string): string {
  const digest = createHash('sha256').update(arn).digest();
  return prefix + [...digest.subarray(0, 17)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'[byte % 32]).join('');
}

function userIdOf(arn: string, account: string, resource: string): string {
  if (resource === 'root') return account;
  const [kind, role, session] = resource.split('/') as [string, string, string];
  if (kind === 'assumed-role') return `${uniqueId('AROA', `arn:aws:iam::${account}:role/${role}`)}:${session}`;
  if (kind === 'federated-user') return `${account}:${role}`;
  return uniqueId(kind === 'role' ? 'AROA' : 'AIDA', arn);
}

function callerOf(identity: Identity): Caller {
  const match = arnForm.exec(identity.arn);
  if (!match) {
    throw new LabError('usage', `"${identity.arn}" is not the ARN of an IAM identity`, {
      hint: 'write it like arn:aws:iam::111122223333:user/alice',
    });
  }
  const [, account, resource] = match as unknown as [string, string, string];
  return {
    accessKeyId: identity.accessKeyId,
    account,
    arn: identity.arn,
    userId: userIdOf(identity.arn, account, resource),
    identityPolicies: identity.policies,
  };
}

/**
 * `test` / `test`, the emulators' convention, is IAM user `lab`, an administrator; more may be given, of which a later one
 * replaces an earlier one with the same access key id.
 */
export function createIdentities(more: readonly Identity[] = [], roles: RolePolicies = {}): Identities {
  const known = new Map<string, Credential>();
  for (const identity of [administrator, ...more]) {
    known.set(identity.accessKeyId, { secret: identity.secretAccessKey, caller: callerOf(identity) });
  }
  const policies = new Map(Object.entries(roles));
  return { find: (accessKeyId) => known.get(accessKeyId), policiesOf: (role) => policies.get(role) };
}
