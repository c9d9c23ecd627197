import { KMS } from '@aws-sdk/client-kms';
import { describe, expect, it } from 'vitest';
import { classify, noAwsError } from '../../src/errors.js';
import { chooseEndpoints, isAws } from '../../src/target/endpoint.js';
import { resolveTarget, type TargetOptions } from '../../src/target/target.js';
import { awsFiles, plantKeys } from './files.js';
import { type Answer, identityXml, refusalXml, serving } from './server.js';

const here = 'http://127.0.0.1:4566';
const none = { name: 'default', settings: {}, services: {} };

describe('an endpoint', () => {
  it.each([
    ['--endpoint-url', { endpointUrl: here }, {}, ''],
    ['AWS_ENDPOINT_URL', {}, { AWS_ENDPOINT_URL: here }, ''],
    ['AWS_ENDPOINT_URL_KMS', {}, { AWS_ENDPOINT_URL_KMS: here, AWS_ENDPOINT_URL: 'http://127.0.0.1:1' }, ''],
    ['endpoint_url of the profile', {}, {}, `[default]\nendpoint_url = ${here}\n`],
    ['the services section', {}, {}, `[default]\nservices = mine\n[services mine]\nkms =\n  endpoint_url = ${here}\n`],
  ] as [string, TargetOptions, NodeJS.ProcessEnv, string][])(
    'from %s counts and is shown',
    async (_name, options, env, config) => {
      const target = await resolveTarget(options, { ...awsFiles(config), ...env });
      expect(target).toMatchObject({ kind: 'endpoint', label: here, connection: { cli: { endpointUrl: here } } });
      expect(target.connection.config('kms', 'us-east-1')).toMatchObject({ endpoint: here, region: 'us-east-1' });
    },
  );

  it('in the environment counts less than --endpoint-url, and not at all when AWS is told to ignore it', async () => {
    const env = { ...awsFiles(''), AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    expect(await resolveTarget({ endpointUrl: here }, env)).toMatchObject({ label: here });
    const ignoring = await resolveTarget({}, { ...env, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' });
    expect(ignoring).toMatchObject({ kind: 'aws', label: 'AWS', connection: { cli: {} } });
    expect(ignoring.connection.config('kms', 'us-east-1')).not.toHaveProperty('endpoint');
  });

  it.each(['127.0.0.1:4566', 'ftp://host', 'nonsense', '', 'http://', 'http://host/?a=b'])(
    '"%s" is a usage error',
    async (endpointUrl) => {
      await expect(resolveTarget({ endpointUrl }, {})).rejects.toMatchObject({
        kind: 'usage',
        message: `"${endpointUrl}" (--endpoint-url) is not the http(s) URL of a server`,
      });
    },
  );

  it('with a password in it is refused without repeating the password', async () => {
    await expect(resolveTarget({}, { AWS_ENDPOINT_URL: 'http://ann:secret@host' })).rejects.toMatchObject({
      message: '"http://…@host" (AWS_ENDPOINT_URL) is not the http(s) URL of a server',
    });
  });

  it('of real AWS is AWS: it charges, and it has an STS of its own', async () => {
    const url = 'https://vpce-0abc-1def.kms.us-east-1.vpce.amazonaws.com';
    const target = await resolveTarget({ endpointUrl: url }, awsFiles(''));
    expect(target).toMatchObject({ kind: 'aws', label: `AWS (${url})`, connection: { cli: { endpointUrl: url } } });
    expect(target.connection.config('sts', 'us-east-1')).not.toHaveProperty('endpoint');
    expect(isAws('https://kms-fips.us-gov-west-1.amazonaws.com', 'kms')).toBe(true);
    expect(isAws('https://ec2-1-2-3-4.compute-1.amazonaws.com', 'kms')).toBe(false);
    expect(isAws('https://kms.us-east-1.amazonaws.com.example.org', 'kms')).toBe(false);
  });
});

describe('STS is asked on the side on which KMS is', () => {
  const there = 'http://127.0.0.1:5000';
  const atAws = 'https://sts.eu-west-1.amazonaws.com';
  it.each([
    ['KMS elsewhere', { AWS_ENDPOINT_URL_KMS: here }, here],
    ['KMS and STS elsewhere', { AWS_ENDPOINT_URL_KMS: here, AWS_ENDPOINT_URL_STS: there }, there],
    ['KMS elsewhere, STS at AWS', { AWS_ENDPOINT_URL_KMS: here, AWS_ENDPOINT_URL_STS: atAws }, here],
    ['STS alone elsewhere', { AWS_ENDPOINT_URL_STS: there }, undefined],
    ['STS alone at an AWS endpoint', { AWS_ENDPOINT_URL_STS: atAws }, atAws],
  ])('%s', (_name, env, sts) => {
    expect(chooseEndpoints(undefined, env, none).sts).toBe(sts);
  });
});

describe('at an endpoint, identity', () => {
  it('is asked there, with the credentials of the chain', async () => {
    plantKeys();
    const { url, asked } = await serving(() => identityXml('111122223333'));
    const target = await resolveTarget({ endpointUrl: url }, process.env);
    await target.identity();
    expect(await target.identity()).toEqual({
      account: '111122223333',
      arn: 'arn:aws:iam::111122223333:user/ann',
      userId: 'AIDAEXAMPLE',
    });
    expect(asked).toEqual(['sts']);
  });

  it.each([
    ['404 and a page', { status: 404, type: 'text/html', body: '<html>not found</html>' }],
    ['an error of KMS', { status: 400, body: '{"__type":"UnknownOperationException"}' }],
    ['501', { status: 501, type: 'text/plain', body: 'not implemented' }],
    ['a JSON object', { body: '{}' }],
    [
      'a refusal by scope',
      refusalXml('SignatureDoesNotMatch', "Credential should be scoped to correct service: 'kms'."),
    ],
  ] as [string, Answer][])('is unknown where STS is answered with %s', async (_name, answer) => {
    plantKeys();
    const { url } = await serving(() => answer);
    const target = await resolveTarget({ endpointUrl: url }, process.env);
    expect(await target.identity()).toEqual({ account: 'unknown', arn: 'unknown' });
  });

  it.each(['InvalidClientTokenId', 'ExpiredToken', 'SignatureDoesNotMatch'])(
    'refused with %s is a matter of credentials',
    async (code) => {
      plantKeys();
      const { url } = await serving(() => refusalXml(code, 'no.'));
      const target = await resolveTarget({ endpointUrl: url }, process.env);
      await expect(target.identity()).rejects.toMatchObject({
        kind: 'credentials',
        message: `the AWS credentials were refused: no. (${code})`,
      });
    },
  );

  it('cannot be asked where nothing listens', async () => {
    plantKeys();
    const target = await resolveTarget({ endpointUrl: 'http://127.0.0.1:1' }, process.env);
    await expect(target.identity()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringMatching(/^cannot reach http:\/\/127\.0\.0\.1:1: .*ECONNREFUSED/),
    });
  });
});

describe('what is no KMS', () => {
  async function listKeys(
    answer: Answer,
  ): Promise<{ error: ReturnType<typeof classify>; url: string; asked: string[] }> {
    plantKeys();
    const { url, asked } = await serving(() => answer);
    const target = await resolveTarget({ endpointUrl: url }, process.env);
    const kms = new KMS({
      ...target.connection.config('kms', 'us-east-1'),
      retryStrategy: undefined as never,
      maxAttempts: 1,
    });
    const error = await kms.listKeys({}).then(
      () => new Error('no error'),
      (thrown: unknown) => thrown,
    );
    kms.destroy();
    return { error: classify(error), url, asked };
  }

  it.each([
    ['a page', { type: 'text/html', body: '<!doctype html><html>hello</html>' }],
    ['text', { type: 'text/plain', body: 'hello' }],
    ['a page that is not found', { status: 404, type: 'text/html', body: '<html>hello</html>' }],
    ['a redirection', { status: 301, type: 'text/html' }],
    ['an error that AWS does not write', { status: 404, type: 'application/json', body: '{"error":"hello"}' }],
  ] as [string, Answer][])('answers %s: one clear line, without the answer', async (_name, answer) => {
    const { error, url, asked } = await listKeys(answer);
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `${url} answers, but it is no KMS (${answer.type}, status ${answer.status ?? 200})`,
    });
    expect(asked).toHaveLength(1);
  });

  it('a page with 502 is taken for a KMS that is not there at the moment', async () => {
    const { error, url } = await listKeys({ status: 502, type: 'text/html', body: '<html>Bad Gateway</html>' });
    expect(error).toMatchObject({ kind: 'unreachable', message: `${url} answered with status 502 and no AWS error` });
  });

  it.each([500, 501])('a page with %i is no outage: that server has no answer to this call', async (status) => {
    const { error, url } = await listKeys({ status, type: 'text/html', body: '<html>Internal Server Error</html>' });
    expect(error).toMatchObject({
      kind: 'unreachable',
      message: `${url} answered with status ${status} and no AWS error`,
      cause: { name: noAwsError },
    });
  });

  it("AWS's own errors pass as they are", async () => {
    const { error } = await listKeys({ status: 400, body: '{"__type":"AccessDeniedException","message":"not you"}' });
    expect(error).toMatchObject({ kind: 'denied', message: 'not you' });
  });

  it('a page instead of STS tells already', async () => {
    plantKeys();
    const { url } = await serving(() => ({ type: 'text/html', body: '<html></html>' }));
    const target = await resolveTarget({ endpointUrl: url }, process.env);
    await expect(target.identity()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no STS'),
    });
  });

  it('a server without TLS under https', async () => {
    plantKeys();
    const { url } = await serving(() => ({}));
    const target = await resolveTarget({ endpointUrl: url.replace('http:', 'https:') }, process.env);
    await expect(target.identity()).rejects.toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('TLS'),
    });
  });
});
