import { KMS } from '@aws-sdk/client-kms';
import { requestHandler } from '../../src/emulator/handler.js';
import type { Served } from '../support/served.js';
import { tags } from './account.js';

export const me = 'arn:aws:iam::111122223333:user/lab';

/** The administrator of an account on a served embedded KMS. */
export const kmsAt = ({ emulator }: Pick<Served, 'emulator'>, region = 'us-east-1', accessKeyId = 'test') =>
  new KMS({
    region,
    credentials: { accessKeyId, secretAccessKey: accessKeyId },
    requestHandler: requestHandler(emulator),
  });

export interface LabKey {
  region?: string;
  accessKeyId?: string;
  /** Ownership tags that differ from the usual. */
  tags?: Record<string, string>;
  /** Aliases to give it; its own unless given. */
  aliases?: string[];
}

/** Make a key as a lab does it; its id. Each has an alias name of its own unless tags say otherwise. */
export async function labKey(there: Pick<Served, 'emulator'>, key: LabKey = {}): Promise<string> {
  const kms = kmsAt(there, key.region, key.accessKeyId);
  const own = `alias/kms-lab-${Math.random().toString(36).slice(2)}`;
  const all = tags({ 'kms-lab:owner': me, 'kms-lab:alias': own, ...key.tags });
  const Tags = Object.entries(all).map(([TagKey, TagValue]) => ({ TagKey, TagValue }));
  const { KeyMetadata } = await kms.createKey({ Tags });
  const KeyId = KeyMetadata?.KeyId as string;
  for (const AliasName of key.aliases ?? [all['kms-lab:alias']])
    await kms.createAlias({ AliasName: AliasName ?? own, TargetKeyId: KeyId });
  return KeyId;
}

/** What became of a key: its state, and the aliases that lead to it. */
export async function stateOf(there: Pick<Served, 'emulator'>, KeyId: string, region?: string, accessKeyId?: string) {
  const kms = kmsAt(there, region, accessKeyId);
  const [{ KeyMetadata }, { Aliases = [] }] = await Promise.all([
    kms.describeKey({ KeyId }),
    kms.listAliases({ KeyId }),
  ]);
  return [KeyMetadata?.KeyState, ...Aliases.map(({ AliasName }) => AliasName)].join(' ');
}
