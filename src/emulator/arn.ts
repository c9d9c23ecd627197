/** The parts of an Amazon Resource Name. */
export interface Arn {
  partition: string;
  service: string;
  region: string;
  account: string;
  /** Everything behind the fifth colon: `key/…`, `alias/…`. */
  resource: string;
}

/** China and GovCloud Regions have partitions of their own. */
export function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

/** Where a key or an alias lives. */
export interface Place {
  account: string;
  region: string;
}

export function kmsArn({ account, region }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:kms:${region}:${account}:${resource}`;
}

export const keyArn = (place: Place, id: string) => kmsArn(place, `key/${id}`);

/** `name` begins with `alias/`. */
export const aliasArn = (place: Place, name: string) => kmsArn(place, name);

/** A role of the account by its path and name; roles have no Region. */
export const roleArn = ({ account, region }: Place, name: string) =>
  `arn:${partitionOf(region)}:iam::${account}:role/${name}`;

/** Read an ARN; undefined when it is none. */
export function parseArn(text: string): Arn | undefined {
  const [arn, partition, service, region, account, ...rest] = text.split(':');
  const resource = rest.join(':');
  if (arn !== 'arn' || !partition || !service || account === undefined || region === undefined || !resource) {
    return undefined;
  }
  return { partition, service, region, account, resource };
}
