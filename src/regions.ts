/**
 * The Regions of each partition, as AWS's endpoint rules list them (botocore `partitions.json`, in SDK 3.1173).
 * A test compares this table with the SDK's, so an update of the SDK that brings a Region says so.
 */
const table = {
  aws: `af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2
    ap-southeast-1 ap-southeast-2 ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7
    ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1 eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3
    il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1 us-east-1 us-east-2 us-west-1 us-west-2`,
  'aws-cn': 'cn-north-1 cn-northwest-1',
  'aws-eusc': 'eusc-de-east-1',
  'aws-iso': 'us-iso-east-1 us-iso-west-1',
  'aws-iso-b': 'us-isob-east-1 us-isob-west-1',
  'aws-iso-e': 'eu-isoe-west-1',
  'aws-iso-f': 'us-isof-east-1 us-isof-south-1',
  'aws-us-gov': 'us-gov-east-1 us-gov-west-1',
} as const;

export type Partition = keyof typeof table;

/** Every partition with its Regions, in AWS's order. */
export const partitions = Object.fromEntries(
  Object.entries(table).map(([name, regions]) => [name, regions.split(/\s+/)] as const),
) as unknown as Readonly<Record<Partition, readonly string[]>>;

/** The Regions in which keys of this partition may be. An account may have enabled only some of them. */
export function regionsOf(partition: Partition): readonly string[] {
  return partitions[partition];
}

/** The partition that has this Region, or undefined for a Region AWS does not list. */
export function partitionOf(region: string): Partition | undefined {
  return (Object.keys(partitions) as Partition[]).find((name) => partitions[name].includes(region));
}
