import { randomUUID } from 'node:crypto';
import { type Caller, roleOf } from '../authz/caller.js';
import { Refusal } from '../authz/refusal.js';
import type { Fault } from '../fault.js';
import type { Key } from '../world/records.js';

/** What the pipeline knows of a call when it is over. */
export interface Audited {
  service: 'kms' | 'sts' | 'cloudtrail';
  operation: string;
  region: string;
  caller: Caller;
  request: object;
  /** Where CloudTrail records it: of calls that change something, and of those that hand out credentials. */
  reply?: object | undefined;
  fault?: Fault | undefined;
  keys: readonly Key[];
  notes: Readonly<Record<string, unknown>>;
  changes: boolean;
  requestId: string;
  time: number;
  sourceIp: string;
  userAgent: string;
  /** The Host header: whom the client meant. */
  host?: string | undefined;
}

const secret = new Set([
  ...['GrantTokens', 'GrantToken', 'ImportToken'],
  ...['SecretAccessKey', 'SessionToken', 'TokenCode'],
]);

const nothing: Readonly<Record<string, unknown>> = {};

/** Members as CloudTrail spells them; bytes (plaintext, ciphertext, messages), tokens and secrets are left out. */
function members(shape: object, otherwise = nothing): Record<string, unknown> {
  const spelt: Record<string, unknown> = { ...otherwise };
  for (const [name, value] of Object.entries(shape)) {
    if (value === undefined || secret.has(name) || value instanceof Uint8Array) continue;
    // The names in an encryption context are the customer's own.
    spelt[name.charAt(0).toLowerCase() + name.slice(1)] = name.includes('EncryptionContext') ? value : nested(value);
  }
  return spelt;
}

function nested(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(nested);
  return typeof value === 'object' && value !== null ? members(value) : value;
}

/** What was written of a caller before: its calls are many. */
const identities = new WeakMap<Caller, object>();

/** "CloudTrail userIdentity element" in the CloudTrail User Guide. */
function identity(caller: Caller): object {
  const known = identities.get(caller);
  if (known) return known;
  const written = identityOf(caller);
  identities.set(caller, written);
  return written;
}

function identityOf(caller: Caller): object {
  const { arn, account, accessKeyId, userId } = caller;
  const common = { principalId: userId, arn, accountId: account, accessKeyId };
  const context = sessionContext(caller);
  if (roleOf(caller)) return { type: 'AssumedRole', ...common, ...context };
  if (arn.endsWith(':root')) return { type: 'Root', ...common, ...context };
  if (arn.includes(':federated-user/')) return { type: 'FederatedUser', ...common };
  return { type: 'IAMUser', ...common, userName: arn.slice(arn.lastIndexOf('/') + 1), ...context };
}

/** How temporary credentials came to be. No second factor is known here. */
function sessionContext(caller: Caller): object {
  const role = roleOf(caller);
  const { session, account: accountId, userId } = caller;
  if (!role && !session) return {};
  const principalId = userId.slice(0, userId.indexOf(':'));
  const userName = role?.slice(role.lastIndexOf('/') + 1);
  const creationDate = session && `${new Date(session.issued).toISOString().slice(0, 19)}Z`;
  return {
    sessionContext: {
      ...(role && { sessionIssuer: { type: 'Role', principalId, arn: role, accountId, userName } }),
      ...(session && { attributes: { creationDate, mfaAuthenticated: 'false' } }),
    },
  };
}

/** CloudTrail names the algorithm of these two even when the request left it out. */
const defaults: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  Encrypt: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
  Decrypt: { encryptionAlgorithm: 'SYMMETRIC_DEFAULT' },
};

interface Resource {
  accountId: string;
  type: string;
  ARN: string;
}

/** The keys of a call: those it named, or the one it made; of AssumeRole, the role. */
function resourcesOf({ service, request, keys, reply, caller }: Audited): Resource[] {
  const { RoleArn = '' } = request as { RoleArn?: string };
  const role = service === 'sts' ? /^arn:[^:]+:iam::(\d{12}):role\//.exec(RoleArn) : undefined;
  if (role?.[1]) return [{ accountId: role[1], type: 'AWS::IAM::Role', ARN: RoleArn }];
  const { KeyMetadata } = (reply ?? {}) as { KeyMetadata?: { Arn?: string } };
  const made = keys.length === 0 && KeyMetadata?.Arn ? [{ account: caller.account, arn: KeyMetadata.Arn }] : [];
  return [...keys, ...made].map(({ account, arn }) => ({ accountId: account, type: 'AWS::KMS::Key', ARN: arn }));
}

const orNull = (record: object): object | null => (Object.keys(record).length > 0 ? record : null);

/**
 * The call in CloudTrail's record format (docs.aws.amazon.com/awscloudtrail: "CloudTrail record contents"). What is undefined is
 * not in the record's JSON.
 */
function eventOf(call: Audited): Record<string, unknown> {
  const { fault, notes, host } = call;
  return {
    eventVersion: '1.11',
    userIdentity: identity(call.caller),
    eventTime: `${new Date(call.time).toISOString().slice(0, 19)}Z`,
    eventSource: `${call.service}.amazonaws.com`,
    eventName: call.operation,
    awsRegion: call.region,
    sourceIPAddress: call.sourceIp,
    userAgent: call.userAgent,
    errorCode: fault?.code,
    errorMessage: fault?.message,
    requestParameters: orNull(members(call.request, defaults[call.operation])),
    responseElements: call.reply ? orNull(members(call.reply)) : null,
    additionalEventData: Object.keys(notes).length > 0 ? notes : undefined,
    requestID: call.requestId,
    eventID: randomUUID(),
    readOnly: !call.changes,
    resources: resourcesOf(call),
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: call.caller.account,
    eventCategory: 'Management',
    // For the owner of the emulator; `shownToClients` takes it out.
    explanation: fault instanceof Refusal ? fault.explanation : undefined,
    // No TLS is spoken here, and none is pretended.
    tlsDetails: host ? { clientProvidedHostHeader: host } : undefined,
  };
}

/** An event as the JSON text that CloudTrail would have: without what only the owner of the emulator is told. */
export const shownToClients = (event: object): string => JSON.stringify({ ...event, explanation: undefined });

/**
 * The call's event, and one for each other account whose key or role was used: there the caller is an account, and both events bear
 * the same `sharedEventID`. A refused call is an event of the caller's account alone.
 */
export function eventsOf(call: Audited): Record<string, unknown>[] {
  const event = eventOf(call);
  const { account } = call.caller;
  const elsewhere = (event.resources as Resource[]).filter(({ accountId }) => accountId !== account);
  if (call.fault || elsewhere.length === 0) return [event];
  const owners = new Set(elsewhere.map(({ accountId }) => accountId));
  const shared = { ...event, sharedEventID: randomUUID() };
  const principalId = call.caller.userId;
  const copies = [...owners].map((owner) => ({
    ...shared,
    userIdentity: { type: 'AWSAccount', principalId, accountId: account },
    eventID: randomUUID(),
    recipientAccountId: owner,
  }));
  return [shared, ...copies];
}
