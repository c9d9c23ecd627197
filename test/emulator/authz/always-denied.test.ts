import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Access, authorise } from '../../../src/emulator/authz/authorise.js';
import { wildcard } from '../../../src/emulator/authz/wildcard.js';
import type { Key } from '../../../src/emulator/world/records.js';
import { account, otherAccount } from '../../support/policies.js';

const arn = `arn:aws:kms:us-east-1:${account}:key/1`;
const callers = [
  `arn:aws:iam::${account}:root`,
  `arn:aws:iam::${account}:user/a`,
  `arn:aws:sts::${account}:assumed-role/R/s`,
  `arn:aws:iam::${otherAccount}:user/b`,
];
const actions = ['kms:Encrypt', 'kms:Decrypt', 'kms:PutKeyPolicy'];

const action = fc.constantFrom('*', 'kms:*', 'kms:Enc*', ...actions);
const resource = fc.constantFrom('*', arn, 'arn:aws:kms:*:*:key/*');
const principal = fc.constantFrom('*', { AWS: '*' }, { AWS: account }, { AWS: otherAccount }, { AWS: callers });
const own = fc.record({ Effect: fc.constant('Allow'), Action: action, Resource: resource });
const ofKey = fc.record({ Effect: fc.constant('Allow'), Action: action, Resource: resource, Principal: principal });

const policy = (Statement: object[]) => ({ Version: '2012-10-17', Statement });

/** Statements of each kind of policy, one of which has a deny somewhere. */
const question = fc.record({
  who: fc.constantFrom(...callers),
  action: fc.constantFrom(...actions),
  identity: fc.array(own, { maxLength: 3 }),
  session: fc.array(own, { maxLength: 3 }),
  key: fc.array(ofKey, { maxLength: 3 }),
  where: fc.constantFrom<'identity' | 'session' | 'key'>('identity', 'session', 'key'),
  at: fc.nat(3),
});
type Question = typeof question extends fc.Arbitrary<infer Value> ? Value : never;

function accessOf({ who, action, identity, session, key }: Question): Access {
  const where = who.split(':')[4] as string;
  return {
    caller: {
      accessKeyId: 'k',
      account: where,
      arn: who,
      userId: 'u',
      identityPolicies: identity.length > 0 ? [policy(identity)] : [],
      ...(session.length > 0 ? { sessionPolicies: [policy(session)] } : {}),
    },
    action,
    resource: arn,
    key: { account, region: 'us-east-1', id: '1', arn, policy: JSON.stringify(policy(key)) } as Key,
    operation: action.slice(4),
    request: {},
    region: 'us-east-1',
  };
}

describe('An explicit deny', () => {
  it('wins, wherever it is and whatever is allowed', () => {
    fc.assert(
      fc.property(question, (asked) => {
        const statements: object[] = [...asked[asked.where]];
        statements.splice(asked.at, 0, { Effect: 'Deny', Action: asked.action, Resource: '*', Principal: '*' });
        const { allowed, reason } = authorise(accessOf({ ...asked, [asked.where]: statements }));
        expect(allowed).toBe(false);
        expect(reason).toMatch(/^with an explicit deny in an? (identity-based|session|resource-based) policy$/);
      }),
      { numRuns: 1000 },
    );
  });

  it('is what makes the difference: some of the same questions are allowed without it', () => {
    const answers = fc.sample(question, 300).map((asked) => authorise(accessOf(asked)).allowed);
    expect(new Set(answers)).toEqual(new Set([true, false]));
  });
});

describe('A wildcard', () => {
  it('matches what the regular expression of the same meaning matches', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ':', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (pattern, given) => {
        const source = pattern.replace(/[.]/g, '\\.').replaceAll('*', '[^]*').replaceAll('?', '[^]');
        expect(wildcard([{ text: pattern, literal: false }])(given)).toBe(new RegExp(`^${source}$`).test(given));
      }),
      { numRuns: 2000 },
    );
  });
});
