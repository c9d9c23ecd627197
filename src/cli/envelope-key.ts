import { LabError } from '../errors.js';
import type { KmsClients } from '../kms/clients.js';
import { aliasName } from '../lab/own.js';
import type { EnvelopeOptions } from './envelope.js';

/** The KMS key a file is encrypted under. */
export interface Key {
  arn: string;
  /** How the user named it, or the alias of the lab's key. */
  name: string;
  ofLab: boolean;
}

const keyArn = /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/;

/** The key that was asked for, else that of the lab. @throws LabError `usage` when the lab has none yet, and what KMS answers */
export async function keyFor(options: EnvelopeOptions, clients: KmsClients, region: string, lab: string): Promise<Key> {
  const { keyId } = options;
  // Who may use a key need not be allowed to describe it.
  if (keyId !== undefined && keyArn.test(keyId)) return { arn: keyId, name: keyId, ofLab: false };
  const name = keyId ?? aliasName(options.namespace, lab);
  const at = /^arn:[^:]+:kms:([^:]+):/.exec(name)?.[1] ?? region;
  try {
    const { KeyMetadata: key } = await clients.in(at).describeKey({ KeyId: name });
    if (!key?.Arn) throw new LabError('unreachable', 'DescribeKey was answered without a key: is this a KMS?');
    return { arn: key.Arn, name, ofLab: keyId === undefined };
  } catch (error) {
    if (keyId !== undefined || (error as Error).name !== 'NotFoundException') throw error;
    throw new LabError('usage', `there is no ${name} in ${at}: the lab has not made its key yet`, {
      hint: 'run `kms-lab envelope` with the same options first, or name a key of yours with --key-id',
      cause: error,
    });
  }
}
