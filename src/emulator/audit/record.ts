import { randomUUID } from 'node:crypto';
import type { Caller } from '../authz/caller.js';
import type { Fault } from '../fault.js';
import type { Key } from '../world/records.js';

/** What the pipeline knows of a call when it is over. */
export interface Audited {
  service: 'kms' | 'sts';
  operation: string;
  region: string;
  caller: Caller;
  request: object;
  reply?: object | undefined;
  fault?: Fault | undefined;
  keys: readonly Key[];
  notes: Readonly<Record<string, unknown>>;
  changes: boolean;
  requestId: string;
  time: number;
  sourceIp: string;
  userAgent: string;
}

const secret = new Set(['GrantTokens', 'GrantToken', 'ImportToken']);

/** Members as CloudTrail spells them; bytes (plaintext, ciphertext, messages) and tokens are left out. */
function members(shape: object): Record<string, unknown> {
  const entries = Object.entries(shape)
    .filter(([name, value]) => value !== undefined && !secret.has(name) && !(value instanceof Uint8Array))
    .map(([name, value]) => [
      name[0]?.toLowerCase() + name.slice(1),
      name === 'EncryptionContext' ? value : nested(value),
    ]);
  return Object.fromEntries(entries);
}

function nested(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? members(value) : value;
}

function identity({ arn, account, accessKeyId, userId }: Caller): object {
  const session = arn.includes(':assumed-role/');
  const common = { principalId: userId, arn, accountId: account, accessKeyId };
  return session
    ? { type: 'AssumedRole', ...common }
    : { type: 'IAMUser', ...common, userName: arn.slice(arn.lastIndexOf('/') + 1) };
}

/** CloudTrail names the algorithm of these two even when the request left it out. */
const defaults: Readonly<Record<string, object>> = {
  Encrypt: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
  Decrypt: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
};

/** The call in CloudTrail's record format (docs.aws.amazon.com/awscloudtrail: "CloudTrail record contents"). */
export function eventOf(call: Audited): Record<string, unknown> {
  const requestParameters = { ...defaults[call.operation], ...members(call.request) };
  const reply = call.changes && call.reply ? members(call.reply) : {};
  return {
    eventVersion: '1.11',
    userIdentity: identity(call.caller),
    eventTime: `${new Date(call.time).toISOString().slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    ...(call.fault ? { errorCode: call.fault.code, errorMessage: call.fault.message } : {}),
    requestParameters: Object.keys(requestParameters).length > 0 ? requestParameters : null,
    responseElements: Object.keys(reply).length > 0 ? reply : null,
    ...(Object.keys(call.notes).length > 0 ? { additionalEventData: call.notes } : {}),
    requestID: call.requestId,
    eventID: randomUUID(),
    readOnly: !call.changes,
    resources: call.keys.map(({ account, arn }) => ({ accountId: account, type: 'AWS::KMS::Key', ARN: arn })),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.caller.account,
    eventCategory: 'Management',
  };
}
