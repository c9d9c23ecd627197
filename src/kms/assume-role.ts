import type { ServiceInputTypes, ServiceOutputTypes, STSClientConfig } from '@aws-sdk/client-sts';
import { LabError } from '../errors.js';
import { roleVariable } from './cli-line.js';
import type { Connection } from './connection.js';
import { wrap } from './middleware.js';
import { type RecordOptions, record } from './record.js';
import { narrowRetries } from './retry.js';
import { throttled } from './throttled.js';
import type { Waiting } from './wait.js';

/** Credentials of a role for an hour, and how AWS CLI lines call them. */
export interface RoleSession {
  /** The prefix of its shell variables: "APP_ROLE". */
  role: string;
  /** The assumed role's ARN. */
  arn: string;
  credentials: { accessKeyId: string; secretAccessKey: string; sessionToken: string };
}

/** The session name that CloudTrail shows for calls of an assumed role. */
const RoleSessionName = 'kms-lab';

/** Ask STS for a role's credentials, where KMS is asked; the call is told of, and throttling is waited out. Nothing renews them: a lab takes minutes. */
export async function assumeRole(
  RoleArn: string,
  region: string,
  connection: Connection,
  { waiting, ...recorded }: Omit<RecordOptions, 'service' | 'region' | 'role'> & { waiting: Waiting },
): Promise<RoleSession> {
  const { STS } = await import('@aws-sdk/client-sts');
  // `config` has KMS's type for the settings that all clients share.
  const client = new STS(connection.config('sts', region) as object as STSClientConfig);
  narrowRetries(client);
  wrap<ServiceInputTypes, ServiceOutputTypes>(client, {
    record: record({ ...recorded, service: 'sts', region }),
    throttled: throttled(waiting, `${region}: STS`),
  });
  try {
    const { Credentials, AssumedRoleUser } = await client.assumeRole({ RoleArn, RoleSessionName });
    const { AccessKeyId, SecretAccessKey, SessionToken } = Credentials ?? {};
    if (!AccessKeyId || !SecretAccessKey || !SessionToken)
      throw new LabError('unreachable', `AssumeRole of ${RoleArn} was answered without credentials`);
    const credentials = { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey, sessionToken: SessionToken };
    return { role: roleVariable(RoleArn), arn: AssumedRoleUser?.Arn ?? RoleArn, credentials };
  } finally {
    client.destroy();
  }
}
