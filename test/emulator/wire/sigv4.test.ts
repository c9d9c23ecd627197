import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { createIdentities } from '../../../src/emulator/authz/identities.js';
import { Sessions } from '../../../src/emulator/authz/sessions.js';
import { type CredentialLookup, verify } from '../../../src/emulator/authz/sigv4.js';
import { requestHandler } from '../../../src/emulator/handler.js';
import { memoryStore } from '../../../src/emulator/store/memory.js';
import type { WireRequest } from '../../../src/emulator/wire/message.js';
import { pretender } from './pretender.js';

const test = { accessKeyId: 'test', secretAccessKey: 'test' };
const expires = Date.UTC(2100, 0, 1);

/** A request as the SDK's own signer makes it, and the time it was made. */
async function signed(credentials: typeof test & { sessionToken?: string } = test, region = 'eu-west-3') {
  const emulator = pretender(() => ({}));
  const kms = new KMS({ region, credentials, requestHandler: requestHandler(emulator), maxAttempts: 1 });
  await kms.describeKey({ KeyId: 'alias/Ünïcode' }).catch(() => {});
  return { request: emulator.requests[0] as WireRequest, now: new Date() };
}

const identities = createIdentities();
const sessions = new Sessions(memoryStore(), identities);
const issued = sessions.store.write(() =>
  sessions.issue({
    arn: 'arn:aws:sts::111122223333:assumed-role/Reader/alice',
    account: '111122223333',
    userId: 'AROAEXAMPLE:alice',
    policies: [],
    session: { issued: Date.now(), tags: {}, transitive: [] },
    expires,
  }),
);
const session = {
  accessKeyId: issued.AccessKeyId,
  secretAccessKey: issued.SecretAccessKey,
  sessionToken: issued.SessionToken,
};
const lookup: CredentialLookup = (id) => identities.find(id) ?? sessions.find(id);
const later = (now: Date, minutes: number) => new Date(now.getTime() + minutes * 60_000);
const withHeaders = (request: WireRequest, headers: Record<string, string | undefined>) =>
  ({ ...request, headers: { ...request.headers, ...headers } }) as WireRequest;
const refusal = (request: WireRequest, now: Date) => {
  try {
    verify(request, lookup, now);
    return 'accepted';
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
};

describe('a signature proves who asks, and for which Region', () => {
  it("the SDK's signature is accepted", async () => {
    const { request, now } = await signed();
    const { caller, region, service } = verify(request, lookup, now);
    expect([caller.arn, caller.account, region, service]).toEqual([
      'arn:aws:iam::111122223333:user/lab',
      '111122223333',
      'eu-west-3',
      'kms',
    ]);
    expect(caller.userId).toMatch(/^AIDA[A-Z2-7]{17}$/);
  });

  it('temporary credentials need their token, until they expire', async () => {
    const { request, now } = await signed(session);
    expect(verify(request, lookup, now).caller.userId).toBe('AROAEXAMPLE:alice');
    const without = withHeaders(request, { 'x-amz-security-token': 'other' });
    expect(refusal(without, now)).toMatch(/^InvalidSignatureException|^UnrecognizedClientException/);
    const plain = await signed({ accessKeyId: session.accessKeyId, secretAccessKey: session.secretAccessKey });
    expect(refusal(plain.request, plain.now)).toBe(
      'UnrecognizedClientException: The security token included in the request is invalid.',
    );
    const ended: CredentialLookup = (id) => {
      const credential = lookup(id);
      return credential && { ...credential, expires: new Date(now.getTime() - 1000) };
    };
    expect(() => verify(request, ended, now)).toThrow(expect.objectContaining({ code: 'ExpiredTokenException' }));
  });
});

describe("what is wrong with a signature is told by AWS's codes", () => {
  it('a presigned URL', async () => {
    const { request, now } = await signed();
    const { authorization, ...headers } = request.headers;
    const signature = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Signature=${'0'.repeat(64)}`;
    const path = `/?Action=GetCallerIdentity&Version=2011-06-15&${signature}`;
    expect(refusal({ ...request, method: 'GET', path, headers: headers as Record<string, string> }, now)).toBe(
      'MissingAuthenticationTokenException: Missing Authentication Token',
    );
  });

  it('none', async () => {
    const { request, now } = await signed();
    const unsigned = withHeaders(request, { authorization: undefined });
    expect(refusal(unsigned, now)).toBe('MissingAuthenticationTokenException: Missing Authentication Token');
  });

  it.each([
    ['AWS4-HMAC-SHA256', "Authorization header requires 'Credential' parameter."],
    ['Bearer abc', "Unsupported AWS 'algorithm': 'Bearer'."],
    ['AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host, Signature=0', 'Credential must have exactly 5'],
    ['AWS4-HMAC-SHA256 Credential=a/b/c/d/e, SignedHeaders=date, Signature=0', "'Host' or ':authority' must be"],
  ])('malformed: %s', async (authorization, message) => {
    const { request, now } = await signed();
    const said = refusal(withHeaders(request, { authorization }), now);
    expect(said).toContain(`IncompleteSignatureException: ${message}`);
  });

  it('a date that is none', async () => {
    const { request, now } = await signed();
    expect(refusal(withHeaders(request, { 'x-amz-date': 'today' }), now)).toContain(
      "IncompleteSignatureException: Date must be in ISO-8601 'basic format'. Got 'today'.",
    );
  });

  it('an unknown access key', async () => {
    const { request, now } = await signed({ accessKeyId: 'AKIANOBODY', secretAccessKey: 'x' });
    expect(refusal(request, now)).toBe(
      'UnrecognizedClientException: The security token included in the request is invalid.',
    );
  });

  it('a wrong secret, another body, another target', async () => {
    const wrong = /^InvalidSignatureException: The request signature we calculated does not match/;
    const other = await signed({ accessKeyId: 'test', secretAccessKey: 'guess' });
    expect(refusal(other.request, other.now)).toMatch(wrong);
    const { request, now } = await signed();
    expect(refusal({ ...request, body: Buffer.from('{"KeyId":"other"}') }, now)).toMatch(wrong);
    expect(refusal(withHeaders(request, { 'x-amz-target': 'TrentService.DisableKey' }), now)).toMatch(wrong);
    expect(refusal({ ...request, path: '/?a=b' }, now)).toMatch(wrong);
  });

  it('too old, or from the future', async () => {
    const { request, now } = await signed();
    const time = '\\d{8}T\\d{6}Z';
    expect(refusal(request, later(now, 6))).toMatch(
      new RegExp(
        `^InvalidSignatureException: Signature expired: ${time} is now earlier than ${time} \\(${time} - 5 min\\.\\)$`,
      ),
    );
    expect(refusal(request, later(now, -6))).toMatch(
      new RegExp(
        `^InvalidSignatureException: Signature not yet current: ${time} is still later than ${time} \\(${time} \\+ 5 min\\.\\)$`,
      ),
    );
    expect(refusal(request, later(now, 4))).toBe('accepted');
  });

  it.each([
    ['/kms/', '/s3/', "Credential should be scoped to correct service: 'kms'."],
    ['/aws4_request', '/aws5_request', "Credential should be scoped with a valid terminator: 'aws4_request'"],
    ['/20', '/19', 'Date in Credential scope does not match YYYYMMDD'],
  ])('a scope with %s for %s', async (right, wrong, message) => {
    const { request, now } = await signed();
    const authorization = (request.headers.authorization as string).replace(right, wrong);
    expect(refusal(withHeaders(request, { authorization }), now)).toContain(`InvalidSignatureException: ${message}`);
  });

  it('a header named like a member of every object is only a header that is not there', async () => {
    const { request, now } = await signed();
    const authorization = (request.headers.authorization as string).replace('host;', 'constructor;host;');
    expect(refusal(withHeaders(request, { authorization }), now)).toContain('InvalidSignatureException');
  });
});

describe('the registry of access keys', () => {
  it('takes more identities, and refuses what is none', () => {
    const more = createIdentities([
      { accessKeyId: 'A', secretAccessKey: 'B', arn: 'arn:aws:iam::444455556666:user/bob', policies: [] },
    ]);
    expect(more.find('A')?.caller).toMatchObject({ account: '444455556666', identityPolicies: [] });
    expect(more.find('constructor')).toBeUndefined();
    const bad = { accessKeyId: 'A', secretAccessKey: 'B', arn: 'bob', policies: [] };
    expect(() => createIdentities([bad])).toThrow(expect.objectContaining({ kind: 'usage' }));
  });
});
