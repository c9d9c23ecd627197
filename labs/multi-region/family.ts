import type { StepContext } from '../../src/lab/define.js';

/** One key of a multi-Region set, as it describes itself in its Region. */
export interface Member {
  arn: string;
  /** `PRIMARY` or `REPLICA`. */
  role: string;
  state: string;
  /** The key material that encrypts now; empty where the server does not tell. */
  material: string;
  description: string;
  /** The set as this key sees it: "us-east-1 → us-west-2", the primary's Region first. */
  family: string;
}

export async function memberIn(kms: StepContext['kms'], KeyId: string): Promise<Member> {
  const { KeyMetadata: key } = await kms.describeKey({ KeyId });
  const { MultiRegionKeyType, PrimaryKey, ReplicaKeys = [] } = key?.MultiRegionConfiguration ?? {};
  return {
    arn: key?.Arn ?? '',
    role: MultiRegionKeyType ?? 'single-Region',
    state: key?.KeyState ?? '',
    material: key?.CurrentKeyMaterialId ?? '',
    description: key?.Description ?? '',
    family: `${PrimaryKey?.Region} → ${ReplicaKeys.map(({ Region }) => Region).join(', ')}`,
  };
}

/** The lab that the key's tags name. */
export async function taggedLab(kms: StepContext['kms'], KeyId: string): Promise<string | undefined> {
  const { Tags = [] } = await kms.listResourceTags({ KeyId });
  return Tags.find(({ TagKey }) => TagKey === 'kms-lab')?.TagValue;
}

/** Claim that a key knows the whole set, which KMS may take its time to tell; the key as it was seen last. */
export async function knows(
  { verify }: Pick<StepContext, 'verify'>,
  claim: string,
  look: () => Promise<Member>,
  set: string,
): Promise<Member> {
  let seen!: Member;
  const ask = async () => {
    seen = await look();
    return seen.family;
  };
  await verify.soon.equal(claim, ask, set);
  return seen;
}

/** Make the key in `to` the primary in place of the one in `from`, and claim that both Regions know it. */
export async function promote(
  { kmsIn, verify }: Pick<StepContext, 'kmsIn' | 'verify'>,
  KeyId: string,
  from: string,
  to: string,
): Promise<void> {
  const look = async (region: string) => {
    const { role, state } = await memberIn(kmsIn(region), KeyId);
    return `${role}, ${state}`;
  };
  await kmsIn(from).updatePrimaryRegion({ KeyId, PrimaryRegion: to });
  await verify.soon.equal(`${to} has the primary key now, Enabled again`, () => look(to), 'PRIMARY, Enabled');
  await verify.soon.equal(`${from} has a replica now, Enabled again`, () => look(from), 'REPLICA, Enabled');
}

/** Keep what was decrypted, beside the message that it should be. */
export async function keep(
  { files, tools }: Pick<StepContext, 'files' | 'tools'>,
  name: string,
  decrypted: Uint8Array | undefined,
  message: Uint8Array,
): Promise<void> {
  await files.write(name, decrypted);
  tools.compared(name, message);
}
