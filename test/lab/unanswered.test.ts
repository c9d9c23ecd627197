import { CloudTrailServiceException } from '@aws-sdk/client-cloudtrail';
import { describe, expect, it } from 'vitest';
import { noAwsError } from '../../src/errors.js';
import type { CallRecord } from '../../src/kms/connection.js';
import { Unanswered } from '../../src/lab/unanswered.js';

const call = (service: CallRecord['service'], more: Partial<CallRecord> = {}): CallRecord => ({
  ...{ service, operation: 'LookupEvents', region: 'us-east-1', input: {}, durationMs: 1, outcome: noAwsError },
  ...more,
});
const page = () =>
  new CloudTrailServiceException({
    ...{ name: noAwsError, $fault: 'server', message: 'it answered with status 500 and no AWS error' },
    $metadata: { httpStatusCode: 500 },
  });

/** What becomes of a page with status 500 after these calls. */
function claimAfter(calls: readonly CallRecord[], place: 'aws' | 'endpoint') {
  const unanswered = new Unanswered();
  for (const each of calls) unanswered.called(each);
  return unanswered.claim(page(), place);
}

describe('a page with status 500 in place of an answer', () => {
  const done = call('kms', { outcome: 'ok' });

  it('fails the claim that its service answers, on a server that has done another call', () => {
    expect(claimAfter([done, call('cloudtrail')], 'endpoint')).toEqual({
      claim: 'CloudTrail answers every call of this step',
      passed: false,
      expected: 'an answer',
      got: 'it answered with status 500 and no AWS error',
    });
  });

  it.each([
    ['on AWS, which has that operation: it is an outage', [done, call('cloudtrail')], 'aws'],
    ['on a server that has done nothing yet: it may be no KMS', [call('kms')], 'endpoint'],
    ['where only a simulated world did something', [call('kms', { outcome: 'ok', simulated: true })], 'endpoint'],
  ] as const)('fails no claim %s', (_why, calls, place) => {
    expect(claimAfter(calls, place)).toBeUndefined();
  });
});
