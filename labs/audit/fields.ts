import type { TrailRecord } from './look-up.js';

/** What each field of a record is, in a few words (CloudTrail User Guide, "CloudTrail record contents"). */
const meanings: Readonly<Record<string, string>> = {
  eventVersion: 'the version of this format',
  userIdentity: 'who: the kind of caller, their ARN, their access key id, and the role session behind it',
  eventTime: 'when, in UTC, to the second',
  eventSource: 'the service that was called',
  eventName: 'what: the operation',
  awsRegion: 'the Region that answered',
  sourceIPAddress: 'from where; the name of an AWS service when one called for you',
  userAgent: 'with which program, as it says itself: not to be trusted',
  errorCode: 'the exception, when the call was refused',
  errorMessage: 'what AWS said about it',
  requestParameters: 'what was asked, without bytes: the encryption context stands here in the clear',
  responseElements: 'what changed; null for cryptographic operations',
  additionalEventData: 'which key material was at work',
  requestID: 'the id that the answer bore as well: how this lab found the record',
  eventID: 'the id of this record: CloudTrail may deliver one twice',
  readOnly: 'whether the call left everything as it was; true for cryptographic operations',
  resources: 'the KMS keys that were used, by ARN, however the request named them',
  eventType: 'how the event came about: a call of the API',
  managementEvent: 'KMS tells all its calls as management events, which the event history keeps for nothing',
  recipientAccountId: 'the account whose trail this is: use by another account is told to both',
  eventCategory: 'Management, and not Data, Insight or NetworkActivity',
  tlsDetails: 'how the connection was protected, and which host the client meant',
  sharedEventID: 'the same in both accounts, when a key was used from another one',
  vpcEndpointId: 'the VPC endpoint that the call came through',
};

/** A line for each field that the record has, in its own order. */
export const explained = (record: TrailRecord): string[] =>
  Object.keys(record).map((name) => `${name}: ${meanings[name] ?? 'newer than this lab'}`);
