import type { CreateKeyRequest } from '@aws-sdk/client-kms';
import { kebab } from '../kms/cli-argument.js';
import { keyWords } from '../kms/cli-line.js';
import type { ObservedCall } from '../kms/record.js';
import type { HandFiles } from './hand-files.js';
import { bytesIn, type Heard, opensLater, savedAs } from './heard.js';
import { optionsOf } from './options.js';
import type { Assignment, AwsCall, Kept, Statement } from './statement.js';
import type { Values } from './values.js';

/** The variable that holds a plaintext data key, in base64, for a moment. */
export const dataKey = 'DATA_KEY';

/** Calls as statements: what goes in, and what of the answer is kept. */
export class AwsCalls {
  constructor(
    private readonly home: string,
    private readonly values: Values,
    private readonly files: HandFiles,
  ) {}

  /** @param later what the step did after it · @param before the calls of the step before it */
  statements(call: ObservedCall, later: readonly Heard[], before: readonly ObservedCall[]): Statement[] {
    const { service, operation, outcome, role } = call;
    const roles = operation === 'AssumeRole' ? this.roleOf(call) : [];
    const { options, needed, obstacle } = optionsOf(call, this.home, this.values, this.files);
    const command = `${service} ${kebab(operation)}`;
    if (obstacle) return [{ act: 'obstacle', command, why: obstacle }];
    const until = awaited(call, before);
    const kept = until || outcome !== 'ok' ? [] : this.kept(call, later);
    const claim = later[0] && 'claim' in later[0] ? later[0].claim : undefined;
    const proves = kept.every(({ as }) => as === 'same') ? claim : undefined;
    const statement: AwsCall = {
      act: 'aws',
      command,
      options,
      kept,
      ...(operation === 'LookupEvents' && { shown: 'Events[0].CloudTrailEvent' }),
      ...(until && { until }),
      ...(role && { session: sessionVariable(role) }),
      ...(outcome !== 'ok' && { refused: outcome }),
      ...(proves !== undefined && { proves }),
    };
    return [...roles, ...needed, statement];
  }

  /** What later statements use of an answer, and what proves that it is right. */
  private kept(call: ObservedCall, later: readonly Heard[]): Kept[] {
    const made = this.made(call);
    if (made.length > 0) return made;
    const { input, output } = call;
    const wrapped = { ...input, ...output } as { CiphertextBlob?: Uint8Array; Plaintext?: Uint8Array };
    const unwrapped = wrapped.CiphertextBlob && opensLater(wrapped.CiphertextBlob, later);
    return bytesIn(output).flatMap(([query, bytes]): Kept[] => {
      const path = savedAs(bytes, later);
      if (path !== undefined)
        return [{ query, as: query === 'Policy' ? 'text' : 'bytes', name: this.files.make(path, bytes) }];
      if (query !== 'Plaintext') return [];
      if (unwrapped) return [{ query, as: 'variable', name: dataKey }];
      const original = this.files.holding(bytes);
      return original === undefined ? [] : [{ query, as: 'same', name: original }];
    });
  }

  /** The ids and tokens of what a call makes become variables. */
  private made({ operation, input, output }: ObservedCall): Kept[] {
    const { KeyMetadata, GrantId = '', GrantToken = '' } = (output ?? {}) as Answer;
    const variable = (query: string, text: string, words: string, suffix: string): Kept => ({
      query,
      as: 'variable',
      name: this.values.define(text, words, suffix),
    });
    if (operation === 'CreateKey' && KeyMetadata?.KeyId)
      return [variable('KeyMetadata.KeyId', KeyMetadata.KeyId, keyWords((input as CreateKeyRequest).Tags), 'KEY')];
    if (operation === 'CreateGrant') {
      const words = ((input as { Name?: string }).Name ?? '').replace(/^kms-lab-/, '');
      return [variable('GrantId', GrantId, words, 'GRANT'), variable('GrantToken', GrantToken, words, 'TOKEN')];
    }
    if (operation === 'AssumeRole') {
      const query = 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]';
      return [{ query, as: 'variable', name: sessionVariable(roleName(input)) }];
    }
    return [];
  }

  /** A role's ARN becomes a variable before it is assumed: on AWS it is another one. */
  private roleOf({ input }: ObservedCall): Assignment[] {
    const { RoleArn = '' } = input as { RoleArn?: string };
    const value = this.values.word(RoleArn);
    const variable = this.values.define(RoleArn, roleName(input), 'ROLE');
    return [{ act: 'set', variable, value, why: 'on AWS: a role of this account that you may assume' }];
  }
}

/** Where an answer names what was made. */
interface Answer {
  KeyMetadata?: { KeyId?: string };
  GrantId?: string;
  GrantToken?: string;
}

/** "admin", of `arn:aws:iam::111122223333:role/kms-lab-admin`. */
const roleName = (input: object) =>
  ((input as { RoleArn?: string }).RoleArn ?? '').replace(/^.*\//, '').replace(/^kms-lab-/, '');

/** "ADMIN_SESSION", of "admin" and of "KMS_LAB_ADMIN_ROLE". */
const sessionVariable = (role: string) =>
  `${role
    .replace(/^KMS_LAB_/, '')
    .replace(/_ROLE$/, '')
    .toUpperCase()
    .replace(/\W/g, '_')}_SESSION`;

/** Changes that take KMS a moment, and what to ask until it is done. */
function awaited({ operation, input, region }: ObservedCall, before: readonly ObservedCall[]): AwsCall['until'] {
  const { KeyId } = input as { KeyId?: string };
  const since = before.findLastIndex((call) => !isQuestion(call) && (call.input as { KeyId?: string }).KeyId === KeyId);
  const { operation: change, input: asked, outcome } = before[since] ?? {};
  const first = !before.slice(since + 1).some((call) => call.operation === operation && call.region === region);
  if (outcome !== 'ok' || !first) return undefined;
  const there = (asked as { ReplicaRegion?: string }).ReplicaRegion === region;
  if (operation === 'DescribeKey' && (change === 'UpdatePrimaryRegion' || (change === 'ReplicateKey' && there)))
    return { query: 'KeyMetadata.KeyState', is: 'Enabled' };
  if (operation === 'GetKeyRotationStatus' && change === 'RotateKeyOnDemand')
    return { query: 'OnDemandRotationStartDate', is: 'None' };
  return undefined;
}

const isQuestion = ({ operation }: ObservedCall) => /^(Describe|Get|List)/.test(operation);
