import { describe, expect, it } from 'vitest';
import { Fault } from '../../../src/emulator/fault.js';
import type { WireRequest } from '../../../src/emulator/wire/message.js';
import { failed, ok, routeOf, serviceOf } from '../../../src/emulator/wire/protocol.js';
import { parseForm } from '../../../src/emulator/wire/query.js';

const json = 'application/x-amz-json-1.1';
function post(headers: Record<string, string>, body = '{}'): WireRequest {
  return { method: 'POST', path: '/', headers, body: Buffer.from(body) };
}
const target = (name: string) => post({ 'x-amz-target': name, 'content-type': json });
const form = (body: string) => post({ 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' }, body);

describe('which operation a request asks for', () => {
  it.each([
    [target('TrentService.Encrypt'), 'kms', 'Encrypt'],
    [target('CloudTrail_20131101.LookupEvents'), 'cloudtrail', 'LookupEvents'],
    [target('com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents'), 'cloudtrail', 'LookupEvents'],
    [form('Action=GetCallerIdentity&Version=2011-06-15'), 'sts', 'GetCallerIdentity'],
    [{ ...post({}), method: 'GET', path: '/?Action=GetCallerIdentity&Version=2011-06-15' }, 'sts', 'GetCallerIdentity'],
  ])('%#: %j', (request, service, operation) => {
    expect(routeOf(request)).toEqual({ service, operation });
  });

  it.each([
    ['no target', post({ 'content-type': json })],
    ['another service', target('DynamoDB_20120810.ListTables')],
    ['no such operation', target('TrentService.Shred')],
    ['a name of JavaScript', target('TrentService.constructor')],
    ['no dot', target('Encrypt')],
    ['a GET', { ...target('TrentService.Encrypt'), method: 'GET' }],
    ['another content type', post({ 'x-amz-target': 'TrentService.Encrypt', 'content-type': 'text/html' })],
  ])('%s is an UnknownOperationException, a client mistake', (_, request) => {
    expect(() => routeOf(request)).toThrow(expect.objectContaining({ code: 'UnknownOperationException', status: 400 }));
    expect(['kms', 'cloudtrail']).toContain(serviceOf(request));
  });

  it('reads the lists of the query protocol', () => {
    const request = form('Action=AssumeRole&Version=2011-06-15&RoleArn=r&Tags.member.2.Key=b&Tags.member.1.Key=a');
    expect(parseForm(request)).toEqual({ RoleArn: 'r', Tags: [{ Key: 'a' }, { Key: 'b' }] });
  });
});

describe('how an answer looks', () => {
  it('JSON: the reply, its request id and length', () => {
    const { status, headers, body } = ok({ KeyId: 'k' }, 'id-1');
    expect([status, body]).toEqual([200, '{"KeyId":"k"}']);
    expect(headers).toMatchObject({ 'content-type': json, 'x-amzn-requestid': 'id-1', 'content-length': '13' });
  });

  it('JSON: a fault has its type, its message and its own members', () => {
    const fault = new Fault('AccessDeniedException', 'no', 400, { Extra: 1 });
    const { status, headers, body } = failed(fault, 'id-1');
    expect([status, headers['x-amzn-errortype']]).toEqual([400, 'AccessDeniedException']);
    expect(JSON.parse(body)).toEqual({ __type: 'AccessDeniedException', message: 'no', Extra: 1 });
  });

  it('STS: XML', () => {
    const { headers, body } = ok({ Arn: 'a<b' }, 'id-1', { service: 'sts', operation: 'GetCallerIdentity' });
    expect(headers['content-type']).toBe('text/xml');
    expect(body).toBe(
      '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>a&lt;b</Arn>' +
        '</GetCallerIdentityResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>',
    );
  });

  it("STS: a fault has the query protocol's code and status", () => {
    const { status, body } = failed(new Fault('InvalidSignatureException', 'no'), 'id-1', 'sts');
    expect(status).toBe(403);
    expect(body).toContain('<Error><Type>Sender</Type><Code>SignatureDoesNotMatch</Code><Message>no</Message></Error>');
  });
});
