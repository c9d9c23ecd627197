import type { TrailRecord } from './look-up.js';

/** What each field of a record is, in a few words (CloudTrail User Guide, "CloudTrail record contents"). */
const meanings: Readonly<Record<string, string>> = {
  eventVersion: 'version of this format',
  userIdentity: 'who: ARN, access key id, role session',
  eventTime: 'when, in UTC, to the second',
  eventSource: 'the service that was called',
  eventName: 'what: the operation',
  awsRegion: 'where: the Region that answered',
  sourceIPAddress: 'from where, or which AWS service called for you',
  userAgent: 'with which program, if it says so truly',
  errorCode: 'the exception, when the call was refused',
  errorMessage: 'what AWS said about it',
  requestParameters: 'what was asked, without bytes and tokens',
  responseElements: 'what a change answered; else null',
  additionalEventData: 'which key material was at work',
  requestID: 'as in the answer: it led here',
  eventID: 'this record; one may be delivered twice',
  readOnly: 'true for cryptographic operations, too',
  resources: 'the KMS keys, by ARN, whatever the request said',
  eventType: 'a call of the API, or an act of AWS itself',
  managementEvent: 'true for every call to KMS: kept 90 days for nothing',
  recipientAccountId: 'whose trail this is',
  eventCategory: 'Management, as opposed to Data or Insight',
  tlsDetails: 'how the connection was protected, to which host',
  sharedEventID: 'the same in the trail of the other account',
  vpcEndpointId: 'the VPC endpoint that the call came through',
};

/** A line for each field that the record has, in its own order. */
export const explained = (record: TrailRecord): string[] =>
  Object.keys(record).map((name) => `${name.padEnd(19)}  ${meanings[name] ?? 'newer than this lab'}`);
