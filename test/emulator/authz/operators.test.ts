import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type KmsUnderTest, kmsUnderTest } from '../../support/kms-under-test.js';
import { account, allow, allowed, as, deny, identity, keyPolicy, user } from '../../support/policies.js';

const now = Date.parse('2026-06-01T12:00:00Z');
let on: KmsUnderTest;
let KeyId: string;
beforeAll(async () => {
  on = await kmsUnderTest({ identities: [identity('nobody')], now: () => now });
  KeyId = await on.key();
});
afterAll(() => on.close());

/** Encrypt as a user whom only this condition keeps from it, with this encryption context. */
async function holds(Condition: object, EncryptionContext: Record<string, string> = {}): Promise<boolean> {
  const statement = allow('kms:Encrypt', { Principal: { AWS: user('nobody') }, Condition });
  await on.kms.putKeyPolicy({ KeyId, Policy: keyPolicy(statement) });
  return allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext: Buffer.from('hi'), EncryptionContext }));
}

const key = 'kms:EncryptionContext:k';

describe('An operator on one value', () => {
  it.each<[operator: string, actual: string, wanted: unknown, holds: boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a', 'A', false],
    ['StringEquals', 'ab', 'a*', false],
    ['StringEquals', 'b', ['a', 'b'], true],
    ['StringNotEquals', 'a', 'b', true],
    ['StringNotEquals', 'a', ['b', 'a'], false],
    ['StringEqualsIgnoreCase', 'a', 'A', true],
    ['StringNotEqualsIgnoreCase', 'a', 'A', false],
    ['StringLike', 'abc', 'a*c', true],
    ['StringLike', 'abc', 'a?c', true],
    ['StringLike', 'abc', 'a?', false],
    ['StringLike', 'a.c', 'a.c', true],
    ['StringLike', 'abc', 'a.c', false],
    ['StringNotLike', 'abc', 'a*', false],
    ['StringNotLike', 'abc', 'b*', true],
    ['NumericEquals', '10', 10, true],
    ['NumericEquals', '10.0', '10', true],
    ['NumericEquals', 'ten', '10', false],
    ['NumericNotEquals', '10', '11', true],
    ['NumericLessThan', '9', '10', true],
    ['NumericLessThan', '10', '10', false],
    ['NumericLessThanEquals', '10', '10', true],
    ['NumericGreaterThan', '10', '9', true],
    ['NumericGreaterThan', '9', '10', false],
    ['NumericGreaterThanEquals', '10', '10', true],
    ['DateEquals', '2026-06-01T12:00:00Z', '2026-06-01T14:00:00+02:00', true],
    ['DateEquals', '2026-06-01T12:00:00Z', String(now / 1000), true],
    ['DateNotEquals', '2026-06-01', '2026-06-02', true],
    ['DateLessThan', '2026-06-01', '2026-06-02', true],
    ['DateLessThan', '2026-06-02', '2026-06-02', false],
    ['DateLessThanEquals', '2026-06-02', '2026-06-02', true],
    ['DateGreaterThan', '2026-06-03', '2026-06-02', true],
    ['DateGreaterThanEquals', '2026-06-01', '2026-06-02', false],
    ['DateLessThan', 'never', '2026-06-02', false],
    ['Bool', 'true', true, true],
    ['Bool', 'TRUE', 'true', true],
    ['Bool', 'false', 'true', false],
    ['BinaryEquals', 'aGk=', 'aGk', true],
    ['BinaryEquals', 'aGk=', 'aGo=', false],
    ['IpAddress', '10.1.2.3', '10.0.0.0/8', true],
    ['IpAddress', '11.1.2.3', '10.0.0.0/8', false],
    ['IpAddress', '10.1.2.3', '10.1.2.3', true],
    ['IpAddress', '2001:db8::1', '2001:db8::/32', true],
    ['IpAddress', '10.1.2.3', '2001:db8::/32', false],
    ['IpAddress', 'nowhere', '0.0.0.0/0', false],
    ['NotIpAddress', '10.1.2.3', '10.0.0.0/8', false],
    ['NotIpAddress', '11.1.2.3', '10.0.0.0/8', true],
    ['ArnEquals', 'arn:aws:s3:::bucket/a:b', 'arn:aws:s3:::bucket/*', true],
    ['ArnLike', 'arn:aws:iam::1:user/a', 'arn:aws:iam::*:user/a', true],
    ['ArnLike', 'arn:aws:iam::1:user/a', 'arn:aws:*:user/a', false],
    ['ArnNotEquals', 'arn:aws:iam::1:user/a', 'arn:aws:iam::1:user/b', true],
    ['ArnNotLike', 'arn:aws:iam::1:user/a', 'arn:aws:iam::*:user/*', false],
    ['Null', 'a', 'false', true],
    ['Null', 'a', true, false],
  ])('%s: %s against %j is %s', async (operator, actual, wanted, expected) => {
    expect(await holds({ [operator]: { [key]: wanted } }, { k: actual })).toBe(expected);
  });
});

describe('An operator on a key that the request has not', () => {
  it.each([
    ['StringEquals', 'a', false],
    ['StringNotEquals', 'a', true],
    ['StringEqualsIfExists', 'a', true],
    ['StringNotEqualsIfExists', 'a', true],
    ['NumericLessThan', '1', false],
    ['NumericLessThanIfExists', '1', true],
    ['ArnNotLike', 'arn:aws:iam::*:user/*', true],
    ['NotIpAddress', '10.0.0.0/8', true],
    ['Bool', 'false', false],
    ['BoolIfExists', 'false', true],
    ['Null', 'true', true],
    ['Null', 'false', false],
    ['ForAnyValue:StringEquals', 'a', false],
    ['ForAnyValue:StringNotEquals', 'a', false],
    ['ForAnyValue:StringEqualsIfExists', 'a', true],
  ])('%s %s is %s', async (operator, wanted, expected) => {
    expect(await holds({ [operator]: { [key]: wanted } })).toBe(expected);
  });

  it('IfExists still compares what is there', async () => {
    expect(await holds({ StringEqualsIfExists: { [key]: 'a' } }, { k: 'b' })).toBe(false);
  });
});

describe('An operator for sets', () => {
  const keys = 'kms:EncryptionContextKeys';
  const context = (...names: string[]) => Object.fromEntries(names.map((name) => [name, 'x']));

  it.each<[operator: string, given: string[], wanted: string[], holds: boolean]>([
    ['ForAllValues:StringEquals', ['a', 'b'], ['a', 'b', 'c'], true],
    ['ForAllValues:StringEquals', ['a', 'd'], ['a', 'b', 'c'], false],
    ['ForAllValues:StringEquals', [], ['a'], true],
    ['ForAllValues:StringNotEquals', ['a', 'b'], ['c'], true],
    ['ForAllValues:StringNotEquals', ['a', 'c'], ['c'], false],
    ['ForAllValues:StringLike', ['ab', 'ac'], ['a*'], true],
    ['ForAnyValue:StringEquals', ['a', 'd'], ['a'], true],
    ['ForAnyValue:StringEquals', ['A'], ['a'], false],
    ['ForAnyValue:StringEquals', [], ['a'], false],
    ['ForAnyValue:StringNotEquals', ['a', 'd'], ['a'], true],
    ['ForAnyValue:StringNotEquals', ['a'], ['a'], false],
  ])('%s: %j against %j is %s', async (operator, given, wanted, expected) => {
    expect(await holds({ [operator]: { [keys]: wanted } }, context(...given))).toBe(expected);
  });
});

describe('Conditions', () => {
  it('must hold all, in one block and in several', async () => {
    const condition = {
      StringEquals: { [key]: 'a', 'kms:EncryptionContext:l': 'b' },
      Null: { 'kms:ViaService': true },
    };
    expect(await holds(condition, { k: 'a', l: 'b' })).toBe(true);
    expect(await holds(condition, { k: 'a', l: 'c' })).toBe(false);
    expect(await holds({ ...condition, Null: { 'kms:ViaService': false } }, { k: 'a', l: 'b' })).toBe(false);
  });

  it('have keys without case and values with it', async () => {
    expect(await holds({ StringEquals: { 'KMS:encryptionCONTEXT:K': 'a' } }, { k: 'a' })).toBe(true);
    expect(await holds({ StringEquals: { [key]: 'a' } }, { K: 'a' })).toBe(true);
    expect(await holds({ 'ForAnyValue:StringEquals': { 'kms:EncryptionContextKeys': 'k' } }, { K: 'a' })).toBe(false);
  });

  it('limit a deny as they limit an allow', async () => {
    const Principal = { AWS: user('nobody') };
    const Condition = { StringNotEquals: { [key]: 'a' } };
    const Policy = keyPolicy(allow('kms:Encrypt', { Principal }), deny('kms:Encrypt', { Principal, Condition }));
    await on.kms.putKeyPolicy({ KeyId, Policy });
    const encrypt = (EncryptionContext: Record<string, string>) =>
      allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext: Buffer.from('hi'), EncryptionContext }));
    expect(await encrypt({ k: 'a' })).toBe(true);
    expect(await encrypt({ k: 'b' })).toBe(false);
    expect(await encrypt({})).toBe(false);
  });
});

describe('Policy variables', () => {
  it.each<[title: string, operator: string, wanted: string, context: Record<string, string>, holds: boolean]>([
    ['a value of the request', 'StringEquals', '${aws:username}', { k: 'nobody' }, true],
    ['inside a text', 'StringEquals', 'of-${aws:username}!', { k: 'of-nobody!' }, true],
    ['whatever its case', 'StringEquals', '${AWS:UserName}', { k: 'nobody' }, true],
    ['another value', 'StringEquals', '${aws:username}', { k: 'somebody' }, false],
    ['one without a value', 'StringEquals', '${aws:PrincipalTag/team}', { k: '' }, false],
    [
      'one without a value, but with a default',
      'StringEquals',
      "${aws:PrincipalTag/team, 'none'}",
      { k: 'none' },
      true,
    ],
    ['a star that is meant', 'StringLike', 'a${*}', { k: 'a*' }, true],
    ['a star that is meant is no wildcard', 'StringLike', 'a${*}', { k: 'ab' }, false],
    [
      'a star that a variable brings is no wildcard',
      'StringLike',
      '${kms:EncryptionContext:l}',
      { k: 'abc', l: 'a*' },
      false,
    ],
    ['beside a wildcard', 'StringLike', '${aws:username}-*', { k: 'nobody-1' }, true],
    ['a dollar sign', 'StringEquals', '${$}1', { k: '$1' }, true],
  ])('%s', async (_title, operator, wanted, context, expected) => {
    expect(await holds({ [operator]: { [key]: wanted } }, context)).toBe(expected);
  });

  it('are plain text before version 2012-10-17', async () => {
    const Condition = { StringEquals: { [key]: '${aws:username}' } };
    const Statement = [
      allow('kms:*', { Principal: { AWS: account } }),
      allow('kms:Encrypt', { Principal: { AWS: user('nobody') }, Condition }),
    ];
    await on.kms.putKeyPolicy({ KeyId, Policy: JSON.stringify({ Version: '2008-10-17', Statement }) });
    const encrypt = (k: string) =>
      allowed(as(on, 'nobody').encrypt({ KeyId, Plaintext: Buffer.from('hi'), EncryptionContext: { k } }));
    expect(await encrypt('${aws:username}')).toBe(true);
    expect(await encrypt('nobody')).toBe(false);
  });
});
