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

/** Temporary credentials as STS hands them out. */
export interface Session extends Identity {
  sessionToken: string;
  /** Wall clock. */
  expires: Date;
  /** AROA…:session-name. */
  userId: string;
  sessionPolicies?: readonly unknown[];
}

/** The access keys an emulator accepts. */
export interface Identities {
  find(accessKeyId: string): Credential | undefined;
  /** A second identity with the same access key id replaces the first. */
  add(identity: Identity): void;
  addSession(session: Session): void;
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

/** `test` / `test`, the emulators' convention, is IAM user `lab`, an administrator; more may be given. */
export function createIdentities(more: readonly Identity[] = []): Identities {
  const known = new Map<string, Credential>();
  const identities: Identities = {
    find: (accessKeyId) => known.get(accessKeyId),
    add(identity) {
      known.set(identity.accessKeyId, { secret: identity.secretAccessKey, caller: callerOf(identity) });
    },
    addSession(session) {
      forgetExpired(known, new Date());
      const { sessionToken, expires, userId, sessionPolicies } = session;
      const caller: Caller = { ...callerOf(session), userId, ...(sessionPolicies ? { sessionPolicies } : {}) };
      known.set(session.accessKeyId, { secret: session.secretAccessKey, sessionToken, expires, caller });
    },
  };
  for (const identity of [administrator, ...more]) identities.add(identity);
  return identities;
}

/** A day after they end nobody needs to be told that they did. */
function forgetExpired(known: Map<string, Credential>, now: Date): void {
  for (const [accessKeyId, { expires }] of known) {
    if (expires && now.getTime() - expires.getTime() > 86_400_000) known.delete(accessKeyId);
  }
}
