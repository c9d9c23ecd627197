import { describe, expect, it } from 'vitest';
import { type Access, authorise } from '../../../src/emulator/authz/authorise.js';
import type { Key } from '../../../src/emulator/world/records.js';
import { account, accountRoot, allow, deny } from '../../support/policies.js';

const arn = `arn:aws:kms:us-east-1:${account}:key/1`;
const session = `arn:aws:sts::${account}:assumed-role/Reader/anna`;
const role = `arn:aws:iam::${account}:role/Reader`;

interface Given {
  identity?: object[];
  /** Session policies, a list of statements each. */
  sessions?: object[][];
  key?: object[];
}

/** Ask for kms:Encrypt as a session of a role: allowed, or AWS's reason. */
function ask({ identity = [], sessions, key = [accountRoot] }: Given): string {
  const policy = (Statement: object[]) => ({ Version: '2012-10-17', Statement });
  const access: Access = {
    caller: {
      accessKeyId: 'ASIA',
      account,
      arn: session,
      userId: 'AROA:anna',
      identityPolicies: [policy(identity)],
      ...(sessions ? { sessionPolicies: sessions.map(policy) } : {}),
    },
    action: 'kms:Encrypt',
    resource: arn,
    key: { account, region: 'us-east-1', id: '1', arn, policy: JSON.stringify(policy(key)) } as Key,
    operation: 'Encrypt',
    request: {},
    region: 'us-east-1',
  };
  const { allowed, reason } = authorise(access);
  return allowed ? 'allowed' : reason;
}

const noSession = 'because no session policy allows the kms:Encrypt action';
const noIdentity = 'because no identity-based policy allows the kms:Encrypt action';
const everything = [allow('kms:*')];

describe('A session of a role', () => {
  it.each<[title: string, given: Given, answer: string]>([
    ['may do what its role may', { identity: everything }, 'allowed'],
    ['may do no more than its role', { sessions: [everything] }, noIdentity],
    ['is limited by its session policy', { identity: everything, sessions: [[allow('kms:Decrypt')]] }, noSession],
    ['may do what both allow', { identity: everything, sessions: [[allow('kms:Enc*')]] }, 'allowed'],
    [
      'may do what one of several session policies allows',
      { identity: everything, sessions: [[allow('kms:Decrypt')], [allow('kms:Encrypt')]] },
      'allowed',
    ],
    [
      'is denied by its session policy',
      { identity: everything, sessions: [[...everything, deny('kms:Encrypt')]] },
      'with an explicit deny in a session policy',
    ],
    [
      'is limited by its session policy in what a key policy gives to the role',
      { sessions: [[allow('kms:Decrypt')]], key: [allow('kms:*', { Principal: { AWS: role } })] },
      noSession,
    ],
    [
      'is not limited by it in what a key policy gives to the session',
      { sessions: [[allow('kms:Decrypt')]], key: [allow('kms:*', { Principal: { AWS: session } })] },
      'allowed',
    ],
    [
      'is denied by a key policy that denies the role',
      { identity: everything, key: [accountRoot, deny('kms:*', { Principal: { AWS: role } })] },
      'with an explicit deny in a resource-based policy',
    ],
  ])('%s', (_title, given, answer) => {
    expect(ask(given)).toBe(answer);
  });
});
