import type { KeySpec, KeyUsageType, KMS } from '@aws-sdk/client-kms';

/** Make a key of a spec for a usage; its id. */
export async function newKey(kms: KMS, KeySpec: KeySpec, KeyUsage: KeyUsageType): Promise<string> {
  const { KeyMetadata } = await kms.createKey({ KeySpec, KeyUsage });
  return KeyMetadata?.KeyId as string;
}

/** One key of each spec, made at once; their ids by spec. */
export async function newKeys<Spec extends KeySpec>(
  kms: KMS,
  specs: readonly Spec[],
  usage: KeyUsageType,
): Promise<Record<Spec, string>> {
  const ids = await Promise.all(specs.map(async (spec) => [spec, await newKey(kms, spec, usage)] as const));
  return Object.fromEntries(ids) as Record<Spec, string>;
}
