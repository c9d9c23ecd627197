import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { KMS } from '@aws-sdk/client-kms';
import { tags } from '../cleanup/account.js';
import { bob, region } from '../lab/room.js';

/** Where labs make keys unless told otherwise. */
export const regions = [region, 'us-west-2'];

/** Keys that are nobody's business, by the alias that leads to each. */
export type Strangers = ReadonlyMap<string, string>;

/** A key without tags whose alias is named like ours, and Bob's key of a lab. */
export async function strangers(kms: KMS): Promise<Strangers> {
  const made = new Map<string, string>();
  const bobs = tags({ 'kms-lab:owner': bob, 'kms-lab:alias': 'alias/kms-lab-bobs-key' });
  for (const [alias, Tags] of [
    ['alias/kms-lab-not-ours', []],
    ['alias/kms-lab-bobs-key', Object.entries(bobs).map(([TagKey, TagValue]) => ({ TagKey, TagValue }))],
  ] as const) {
    const { KeyMetadata } = await kms.createKey({ Tags: [...Tags] });
    made.set(alias, KeyMetadata?.KeyId as string);
    await kms.createAlias({ AliasName: alias, TargetKeyId: KeyMetadata?.KeyId });
  }
  return made;
}

/** Keys of labs that still cost, their aliases, and what became of strangers' keys. Nothing should be told. */
export async function leftIn(kmsIn: (region: string) => KMS, others: Strangers): Promise<string[]> {
  const left: string[] = [];
  const foreign = new Set(others.values());
  for (const at of regions) {
    const kms = kmsIn(at);
    for (const { KeyId = '' } of (await kms.listKeys({ Limit: 1000 })).Keys ?? []) {
      const { KeyMetadata: key } = await kms.describeKey({ KeyId });
      const dying = key?.KeyState === 'PendingDeletion' || key?.KeyState === 'PendingReplicaDeletion';
      if (foreign.has(KeyId) && key?.KeyState !== 'Enabled') left.push(`somebody's key is ${key?.KeyState}`);
      if (!foreign.delete(KeyId) && !dying) left.push(`${at}: a key is ${key?.KeyState}`);
    }
    for (const { AliasName = '', TargetKeyId } of (await kms.listAliases({})).Aliases ?? []) {
      const stranger = others.get(AliasName);
      if (!stranger && !AliasName.startsWith('alias/aws/')) left.push(`${at}: ${AliasName}`);
      if (stranger && stranger !== TargetKeyId) left.push(`${AliasName} leads elsewhere`);
    }
  }
  for (const key of foreign) left.push(`somebody's key ${key} is gone`);
  return left;
}

/** What is left of the labs' files below a folder, temporary ones included. */
export function filesLeft(cwd: string): string[] {
  const folder = join(cwd, 'kms-lab-files');
  return existsSync(folder) ? ['kms-lab-files', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })] : [];
}
